import type { Actor } from '../domain/actor.js';
import type { StreamFold } from '../log/change-stream.js';
import { isoTime } from '../ports/clock.js';
import type { NewEvent } from '../ports/incident-log.js';

/** What one answer of a model cost. */
export interface TokensUsed {
  readonly actor: Actor;
  /** The same for all identities of one person. */
  readonly person: string;
  readonly model: string;
  readonly tokens: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** What was used in one day. */
export interface DayUsage {
  readonly total: number;
  readonly byPerson: ReadonlyMap<string, number>;
}

/** Names the stream of a day, by UTC: one of its own, so that none grows for ever. */
export function tokenUsageStream(atMs: number): string {
  return `llm/tokens/${isoTime(atMs).slice(0, 10)}`;
}

/** The event that keeps what an answer cost. */
export function tokensUsedEvent({ actor, person, model, tokens, at }: TokensUsed): NewEvent {
  return { type: 'tokens-used', schemaVersion: 1, at: isoTime(at), actor, data: { person, model, tokens } };
}

/** Adds up a day. */
export const tokenUsageFold: StreamFold<DayUsage> = {
  initial: { total: 0, byPerson: new Map() },
  apply: (usage, { type, data }) =>
    type === 'tokens-used' ? addTokens(usage, String(data['person']), Number(data['tokens'])) : usage,
};

/** The usage with some more. */
export function addTokens({ total, byPerson }: DayUsage, person: string, tokens: number): DayUsage {
  return {
    total: total + tokens,
    byPerson: new Map(byPerson).set(person, (byPerson.get(person) ?? 0) + tokens),
  };
}
