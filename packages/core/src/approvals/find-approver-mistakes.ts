import type { People } from '../people/people.js';
import type { ApproverRule } from './approver-policy.js';

/** Rules about approvers that nobody can fulfil, each in words: a role that nobody has, a user that is not listed, too few people. */
export function findApproverMistakes(rules: readonly ApproverRule[], people: People): readonly string[] {
  return rules.flatMap((rule) => [...findUnknownNames(rule, people), ...findTooFew(rule, people)]);
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

function findTooFew({ who, votes }: ApproverRule, { everybody, isConfigured }: People): readonly string[] {
  if (votes === 1) return [];
  if (!isConfigured) {
    return [`A rule asks for ${votes} votes, but \`users\` is empty: one person with two channels would count twice.`];
  }
  const entries = who ?? [];
  // Who else writes in a channel is not known here.
  if (who === null || entries.some((entry) => !/^(role|user):/.test(entry))) return [];
  const named = everybody.filter(
    ({ id, roles }) => entries.includes(`user:${id}`) || roles.some((role) => entries.includes(`role:${role}`)),
  );
  if (named.length >= votes) return [];
  return [`A rule asks for ${votes} votes of ${entries.join(', ')}, but that is ${named.length} in \`users\`.`];
}

function listKnown(what: string, known: ReadonlySet<string>): string {
  return `${what} there are: ${[...known].sort().join(', ') || 'none'}.`;
}
