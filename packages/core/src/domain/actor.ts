/** Who asked or decided: a person in a channel, a policy, or Dogwatch itself. */
export interface Actor {
  /** `web`, `terminal`, `api`, `policy`, `system` or the type of a channel plugin. */
  readonly channelType: string;
  /** The person within that channel, never the chat or room. */
  readonly userId: string;
}

/** Dogwatch itself, for everything that no human and no policy asked for. */
export const SYSTEM_ACTOR: Actor = { channelType: 'system', userId: 'dogwatch' };

/** Renders an actor for humans, as `web:anna`. */
export function formatActor(actor: Actor): string {
  return `${actor.channelType}:${actor.userId}`;
}

/**
 * True for who came in with the one access token: over the API, or at the console, where they say what they are called. Two such
 * actors may be one person, and nobody can tell.
 */
export function hasSharedToken({ channelType }: Pick<Actor, 'channelType'>): boolean {
  return channelType === 'web' || channelType === 'api';
}
