import { formatActor, hasSharedToken } from '../domain/actor.js';
import type { Actor } from '../domain/actor.js';
import type { People } from '../people/people.js';
import type { Person } from '../ports/people-source.js';
import { isNamedBy, takesChannel, takesTwoPeople } from './approver-rule.js';
import type { ApproverRule } from './approver-rule.js';

/**
 * Rules about approvers that do not do what they say, each in words: a role that nobody has, a user that is not listed, too few
 * people, two people where nobody can tell one from two.
 */
export function findApproverMistakes(rules: readonly ApproverRule[], people: People): readonly string[] {
  return rules.flatMap((rule) => [
    ...findUnknownNames(rule, people),
    ...findSharedNames(rule, people),
    ...findTooFew(rule, people),
  ]);
}

function findUnknownNames({ who }: ApproverRule, { everybody }: People): readonly string[] {
  const roles = new Set(everybody.flatMap((person) => person.roles.map((role) => `role:${role}`)));
  const users = new Set(everybody.map((person) => `user:${person.id}`));
  return (who ?? []).flatMap((entry) => {
    if (entry.startsWith('role:') && !roles.has(entry)) {
      return [`'${entry}' may approve, but nobody in \`users\` has that role. ${listKnown('Roles', roles)}`];
    }
    if (entry.startsWith('user:') && !users.has(entry)) {
      return [`'${entry}' may approve, but is not in \`users\`. ${listKnown('Users', users)}`];
    }
    return [];
  });
}

// Whoever has the access token can give any name at the console: what it takes two people for, one could do then.
function findSharedNames(rule: ApproverRule, { everybody }: People): readonly string[] {
  if (!takesTwoPeople(rule)) return [];
  const admitted = everybody.flatMap((person) => admittedIdentities(rule, person));
  const shared = admitted.filter(hasSharedToken).map(formatActor);
  if (shared.length === 0) return [];
  const safe = [...new Set(admitted.filter((actor) => !hasSharedToken(actor)).map(({ channelType }) => channelType))];
  const channels = safe.length === 0 ? ['slack'] : safe.sort();
  return [
    `A rule with ${describeSeparation(rule)} admits ${shared.join(', ')}, but whoever has the access token can give any name there, ` +
      `and so be two people. Limit it to channels that know who is who: \`channels: [${channels.join(', ')}]\`.`,
  ];
}

function findTooFew(rule: ApproverRule, people: People): readonly string[] {
  if (!takesTwoPeople(rule)) return [];
  const { votes, who } = rule;
  if (!people.isConfigured) {
    return [
      `A rule asks for ${describeSeparation(rule)}, but \`users\` is empty: one person with two channels would count twice. ` +
        'List there who is who, each with all their identities.',
    ];
  }
  const able = people.everybody.filter((person) =>
    admittedIdentities(rule, person).some((actor) => !hasSharedToken(actor)),
  );
  if (able.length >= votes) return [];
  const from = rule.channels === undefined ? '' : ` from ${rule.channels.join(' or ')}`;
  const whom = who === null ? 'anybody' : who.join(', ');
  return [`A rule asks for ${describeSeparation(rule)} of ${whom}${from}, but that is ${able.length} in \`users\`.`];
}

function describeSeparation({ votes }: ApproverRule): string {
  return votes > 1 ? `${votes} votes` : '`requesterMayApprove: false`';
}

function admittedIdentities(rule: ApproverRule, person: Person): readonly Actor[] {
  return person.identities
    .map((identity) => readIdentity(identity))
    .filter((actor) => takesChannel(rule, actor.channelType) && isNamedBy(rule, actor, person));
}

function readIdentity(identity: string): Actor {
  const colon = identity.indexOf(':');
  return { channelType: identity.slice(0, colon), userId: identity.slice(colon + 1) };
}

function listKnown(what: string, known: ReadonlySet<string>): string {
  return `${what} there are: ${[...known].sort().join(', ') || 'none'}.`;
}
