import type { Source } from '../di/container.js';
import type { AnyExtensionPoint, AnyPort } from '../di/define-port.js';
import type { Plugin } from './define-plugin.js';

/** What one plugin registered at one seam. */
export interface Registration {
  readonly plugin: Plugin;
  readonly source: Source;
}

/** A registration whose class the container will build. */
export interface ClassRegistration extends Registration {
  readonly source: Source & { readonly kind: 'class' };
}

/** Everything that the plugins registered and that counts: what was replaced is not in here. */
export interface Registrations {
  readonly bindings: ReadonlyMap<AnyPort, Registration>;
  readonly contributions: ReadonlyMap<AnyExtensionPoint, readonly Registration[]>;
}

/** Lists each class once, in the order of registration. */
export function listClasses(registrations: Registrations): readonly ClassRegistration[] {
  const byKey = new Map<symbol, ClassRegistration>();
  for (const registration of [
    ...registrations.bindings.values(),
    ...[...registrations.contributions.values()].flat(),
  ]) {
    if (isClassRegistration(registration)) byKey.set(registration.source.key, registration);
  }
  return [...byKey.values()];
}

/** Says whether the container will build it. */
export function isClassRegistration(registration: Registration): registration is ClassRegistration {
  return registration.source.kind === 'class';
}
