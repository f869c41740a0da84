import { describeUnknown } from '../approvals/approver-policy.js';
import type { Actor } from '../domain/actor.js';
import type { People } from '../people/people.js';
import type { ConversationConfig } from './config.js';

/** Who chooses the model of a channel where the settings do not say. */
export const CHANNEL_MODEL_ROLES = ['role:admin', 'role:operator'] as const;

/** Says who may choose the model that answers everybody in a channel. */
export class ChannelModelPolicy {
  constructor(
    private readonly people: People,
    private readonly config: Pick<ConversationConfig, 'channelModelBy'>,
  ) {}

  /** Why somebody may not, in words for that person; `null` = may. */
  findRefusal(actor: Actor): string | null {
    if (this.people.isUnknown(actor)) return describeUnknown(actor);
    const { channelModelBy } = this.config;
    // Somebody alone at home lists no users, and has no roles.
    if (channelModelBy === null && !this.people.isConfigured) return null;
    const may = channelModelBy ?? CHANNEL_MODEL_ROLES;
    if (this.people.isNamed(actor, may)) return null;
    return (
      `To choose the model of a whole channel it takes one of: ${may.join(', ')}. Nothing was changed. ` +
      'For yourself, write `/model <name>` or `/model mine <name>`.'
    );
  }
}
