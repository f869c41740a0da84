import type { People } from '../people/people.js';
import type { ChannelAdapter } from '../ports/channel-adapter.js';
import { takesChannel } from './approver-rule.js';
import type { ApproverRule } from './approver-rule.js';

/** Channels in which more people may decide than the settings name, by their types. */
export interface OpenChannels {
  /** Whoever the platform lets in there may decide, because nothing says who may. */
  readonly toMembers: readonly string[];
  /** Anybody in the world can write there, and nobody is unknown to Dogwatch. */
  readonly toAnybody: readonly string[];
}

/** Finds the channels in which strangers could decide; none, once it is said who is who. */
export function findOpenChannels(
  rules: readonly ApproverRule[],
  people: Pick<People, 'isConfigured'>,
  channels: readonly Pick<ChannelAdapter, 'type' | 'audience'>[],
): OpenChannels {
  if (people.isConfigured) return { toMembers: [], toAnybody: [] };
  const forAll = rulesForEverybody(rules);
  const ofAudience = (wanted: ChannelAdapter['audience']): readonly string[] =>
    channels.filter(({ audience = 'members' }) => audience === wanted).map(({ type }) => type);
  return {
    toMembers: ofAudience('members').filter((type) => forAll.some((rule) => takesChannel(rule, type))),
    toAnybody: ofAudience('anybody'),
  };
}

// Behind a rule about everything no further one is ever asked.
function rulesForEverybody(rules: readonly ApproverRule[]): readonly ApproverRule[] {
  const last = rules.findIndex(
    ({ risk, namespace, cluster }) => risk === undefined && namespace === undefined && cluster === undefined,
  );
  return (last < 0 ? rules : rules.slice(0, last + 1)).filter(({ who }) => who === null);
}

/** Says that members of channels may all decide, and what to do about it; `all` are the types of all channels. */
export function describeOpenChannels(open: readonly string[], all: readonly string[]): string {
  const onPurpose = [...new Set([...all, 'api'])].sort().map((type) => `'${type}:*'`);
  return (
    `Everybody who can write in ${open.join(' or ')} may approve changes: nothing says who may. List people in \`users\`, or name ` +
    `them in \`approvals.approvers\`. If it is on purpose, say so: approvers: [${onPurpose.join(', ')}].`
  );
}

/** Says that anybody in the world could decide, and what to do about it. */
export function describeWorldChannel(type: string): string {
  return (
    `Anybody in the world can write to Dogwatch in ${type}, and \`users\` is empty: strangers could read your clusters and approve ` +
    `changes. List in \`users\` who is who, or name in the section '${type}' who may write there instead of 'anyone'.`
  );
}
