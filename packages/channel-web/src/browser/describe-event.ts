import type { Actor } from '@dogwatch/core';
import { actorWords, eventTypeWords, toolWords } from './wording.js';

/** An event of an incident's timeline, as the API gives it. */
export interface TimelineEvent {
  readonly at: string;
  readonly type: string;
  readonly actor: Actor;
  readonly data: Readonly<Record<string, unknown>>;
}

/** An event in words. */
export interface DescribedEvent {
  readonly tone: 'bad' | 'good' | 'act' | 'plain';
  readonly what: string;
  readonly detail: string;
}

type Read = (name: string) => string;
type Describe = (read: Read, who: string, event: TimelineEvent) => DescribedEvent | null;

const tell = (tone: DescribedEvent['tone'], what: string, detail = ''): DescribedEvent => ({ tone, what, detail });

const settlements: Readonly<Record<string, (read: Read) => DescribedEvent | null>> = {
  // The vote right before it has said so, and by whom.
  approved: () => null,
  rejected: () => null,
  expired: (read) => tell('bad', `Nobody decided on ${read('approvalId')} in time`, 'Nothing was changed.'),
  superseded: (read) => tell('plain', `Approval ${read('approvalId')} was overtaken`, read('reason')),
};

const outcomes: Readonly<Record<string, [DescribedEvent['tone'], string]>> = {
  verified: ['good', 'Verified'],
  unverified: ['bad', 'Could not be verified'],
  done: ['good', 'Found done after an interruption'],
  'not-done': ['plain', 'Found not done after an interruption'],
  unknown: ['bad', 'Outcome unknown: a human must look'],
};

const descriptions: Readonly<Record<string, Describe>> = {
  opened: () => tell('bad', 'Incident opened'),
  reopened: () => tell('bad', 'It came back: incident reopened'),
  'problem-observed': (read) => {
    const count = Number(read('count'));
    return tell('bad', `${eventTypeWords(read('eventType'))}${count > 1 ? ` (${count}×)` : ''}`, read('message'));
  },
  'problem-cleared': (read) => tell('good', `${eventTypeWords(read('eventType'))} is over`, read('reason')),
  'severity-changed': (read) => tell('plain', `Severity changed from ${read('from')} to ${read('to')}`),
  'rule-matched': (read) =>
    read('rule') === ''
      ? tell('plain', 'No rule matched', read('reason'))
      : tell('plain', `Rule ${read('rule')} matched`, read('reason')),
  notified: () => null,
  routed: () => null,
  'notification-failed': (read) =>
    tell('bad', `A message to ${read('channelType')} ${read('room')} could not be sent`, read('reason')),
  acknowledged: (_read, who) => tell('act', `${who} acknowledged`),
  'run-planned': (read) =>
    tell('act', `Planned: ${read('title') || read('playbook')} (run ${read('runId')})`, read('reason')),
  'approval-requested': (read) =>
    tell('act', `Asked for approval ${read('approvalId')}: ${toolWords(read('tool'))}`, `Risk ${read('risk')}.`),
  'approval-vote': (read, who) =>
    read('decision') === 'approve'
      ? tell('good', `${who} approved ${read('approvalId')}`, read('reason'))
      : tell('act', `${who} rejected ${read('approvalId')}`, read('reason')),
  'approval-settled': (read) => settlements[read('status')]?.(read) ?? null,
  'step-intended': (read) => {
    const attempt = Number(read('attempt'));
    return tell('act', `Step ${read('stepId')} began${attempt > 1 ? ` (attempt ${attempt})` : ''}`);
  },
  'step-finished': (read) =>
    read('status') === 'done'
      ? tell('good', `Step ${read('stepId')} done`, read('message'))
      : tell('bad', `Step ${read('stepId')} failed`, read('message')),
  'step-settled': (read) => {
    const [tone, words] = outcomes[read('outcome')] ?? ['plain', read('outcome')];
    return tell(tone, `${words} (step ${read('stepId')})`, read('message'));
  },
  'run-ended': (read) =>
    tell(read('status') === 'succeeded' ? 'good' : 'bad', `Run ${read('runId')} ${read('status')}`, read('reason')),
  'undo-requested': (read, who) => tell('act', `${who} asked to undo run ${read('runId')}`),
  comment: (read, who) => tell('plain', `${who} noted`, read('text')),
  resolved: (read) => tell('good', 'Incident resolved', read('reason')),
};

/** An event in words; `null` for what a human need not read. */
export function describeEvent(event: TimelineEvent): DescribedEvent | null {
  const read: Read = (name) => {
    const value = event.data[name];
    if (value === undefined || value === null) return '';
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  };
  const describe = descriptions[event.type];
  if (describe !== undefined) return describe(read, actorWords(event.actor), event);
  return tell('plain', event.type.replaceAll('-', ' '));
}

/** One line of the story: an event, or several alike of which the last is told. */
export interface StoryLine extends DescribedEvent {
  readonly at: string;
  /** When the last of several alike happened, or `null`. */
  readonly until: string | null;
}

/** The timeline as lines, oldest first; repeats that follow each other become one line. */
export function tellStory(timeline: readonly TimelineEvent[]): readonly StoryLine[] {
  const lines: StoryLine[] = [];
  let repeated: string | null = null;
  for (const event of timeline) {
    const described = describeEvent(event);
    if (described === null) continue;
    const kind = event.type === 'problem-observed' ? String(event.data['eventType']) : null;
    const last = lines.at(-1);
    if (kind !== null && kind === repeated && last !== undefined) {
      lines[lines.length - 1] = { ...described, at: last.at, until: event.at };
    } else lines.push({ ...described, at: event.at, until: null });
    repeated = kind;
  }
  return lines;
}
