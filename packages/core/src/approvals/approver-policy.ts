import type { Actor } from '../domain/actor.js';
import { formatActor } from '../domain/actor.js';
import { matchesGlob } from './glob.js';

/** Says who may decide approvals. */
export class ApproverPolicy {
  /** Patterns of `channelType:userId` with `*`; `null` = every authenticated actor. */
  constructor(private readonly approvers: readonly string[] | null) {}

  /** Policies and Dogwatch itself settle approvals in their own way, never by a decision. */
  mayDecide(actor: Actor): boolean {
    if (actor.channelType === 'policy' || actor.channelType === 'system') return false;
    return this.approvers === null || this.approvers.some((pattern) => matchesGlob(pattern, formatActor(actor)));
  }
}
