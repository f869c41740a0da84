import { definePort } from '../di/define-port.js';

/** What a process may do; `api` = HTTP and what people write, `watch` = incidents, `worker` = runs and messages. */
export const ROLES = ['api', 'watch', 'worker'] as const;
/** One part of the work that replicas divide among them. */
export type Role = (typeof ROLES)[number];

/** What this process does; all of it, unless `DOGWATCH_ROLES` says otherwise. */
export interface Roles {
  readonly list: readonly Role[];
  has(role: Role): boolean;
}
export const Roles = definePort<Roles>('core.Roles');

/** Roles by their names. */
export function rolesOf(list: readonly Role[]): Roles {
  return { list, has: (role) => list.includes(role) };
}
