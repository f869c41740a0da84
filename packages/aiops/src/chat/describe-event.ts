import type { JsonObject, JsonValue } from '@dogwatch/core';

type Describe = (read: (path: string) => string) => string;

const descriptions: Readonly<Record<string, Describe>> = {
  opened: (read) => read('key'),
  reopened: (read) => `time ${read('times')}`,
  'problem-observed': (read) => `${inWords(read('eventType'))} ×${read('count')}: ${read('message')}`,
  'problem-cleared': (read) => `${inWords(read('eventType'))}: ${read('reason')}`,
  'severity-changed': (read) => `${read('from')} → ${read('to')}`,
  'rule-matched': (read) => `${read('rule') || 'no rule'}: ${read('reason')}`,
  comment: (read) => read('text'),
  resolved: (read) => read('reason'),
  notified: (read) => `${read('messageKey')} in ${read('channelType')}:${read('room')}`,
  routed: (read) => `${read('messageKey')} by rule ${read('rule')} to ${read('to') || 'all rooms'}`,
  'notification-failed': (read) => `${read('messageKey')} in ${read('channelType')}:${read('room')}: ${read('reason')}`,
  'run-planned': (read) => `run ${read('runId')} of ${read('playbook')}: ${read('reason')}`,
  'approval-requested': (read) => `approval ${read('approvalId')} for ${read('tool')} (risk ${read('risk')})`,
  'approval-vote': (read) => `${read('decision')} ${read('approvalId')}`,
  'approval-settled': (read) => `approval ${read('approvalId')} ${read('status')}${because(read('reason'))}`,
  'step-intended': (read) => `run ${read('runId')}, step ${read('stepId')}, attempt ${read('attempt')}`,
  'step-finished': (read) =>
    `run ${read('runId')}, step ${read('stepId')} ${read('status')}${because(read('message'))}`,
  'step-settled': (read) =>
    `run ${read('runId')}, step ${read('stepId')} ${read('outcome')}${because(read('message'))}`,
  'run-ended': (read) => `run ${read('runId')} ${read('status')}${because(read('reason'))}`,
  'undo-requested': (read) => `run ${read('runId')} by run ${read('undoRunId')}`,
};

/** An event of an incident in one line, without its time and type; empty for a type that needs no more words. */
export function describeEvent(type: string, data: JsonObject): string {
  const read = (path: string): string => formatValue(data[path]);
  return (descriptions[type]?.(read) ?? '').replace(/\s+/g, ' ').trim();
}

function inWords(name: string): string {
  return name.replaceAll('_', ' ');
}

function because(reason: string): string {
  return reason === '' ? '' : `: ${reason}`;
}

function formatValue(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
