import { matchesGlob } from '../approvals/glob.js';
import type { Actor } from '../domain/actor.js';
import { SYSTEM_ACTOR, formatActor } from '../domain/actor.js';
import type { PeopleSource, Person } from '../ports/people-source.js';

/** Everybody who is known, found by what channels call them. */
export class People {
  /** False as long as nobody is listed: then nobody is unknown either. */
  readonly isConfigured: boolean;
  readonly everybody: readonly Person[];
  private readonly byIdentity: ReadonlyMap<string, Person>;

  constructor(sources: readonly PeopleSource[]) {
    this.everybody = sources.flatMap((source) => source.people);
    this.isConfigured = this.everybody.length > 0;
    this.byIdentity = new Map(
      this.everybody.flatMap((person) => person.identities.map((identity) => [identity, person] as const)),
    );
  }

  find(actor: Actor): Person | null {
    return this.byIdentity.get(formatActor(actor)) ?? null;
  }

  /** True for a human who is not listed, once anybody is. */
  isUnknown(actor: Actor): boolean {
    const isHuman = actor.channelType !== SYSTEM_ACTOR.channelType && actor.channelType !== 'policy';
    return this.isConfigured && isHuman && this.find(actor) === null;
  }

  /** The same for all identities of one person, different for different persons. */
  keyOf(actor: Actor): string {
    const person = this.find(actor);
    return person === null ? formatActor(actor) : `user:${person.id}`;
  }

  /** Whether one of the entries, `role:<role>`, `user:<id>` or an identity with `*`, is about this actor. */
  isNamed(actor: Actor, entries: readonly string[]): boolean {
    return isNamedAs({ actor, person: this.find(actor) }, entries);
  }

  /** `Anna Berg (slack:U123)`, or the identity alone of somebody who is not listed. */
  nameOf(actor: Actor): string {
    const person = this.find(actor);
    return person === null ? formatActor(actor) : `${person.name} (${formatActor(actor)})`;
  }
}

/** Whether one of the entries, `role:<role>`, `user:<id>` or an identity with `*`, is about an actor who is this person, or nobody listed. */
export function isNamedAs(
  { actor, person }: { readonly actor: Actor; readonly person: Person | null },
  entries: readonly string[],
): boolean {
  return entries.some((entry) => {
    if (entry.startsWith('role:')) return person?.roles.includes(entry.slice('role:'.length)) === true;
    if (entry.startsWith('user:')) return person?.id === entry.slice('user:'.length);
    return matchesGlob(entry, formatActor(actor));
  });
}
