import type { ClusterView, EventObject } from '@dogwatch/core';
import { boundText } from './bound-text.js';

const maxLength = 240;

/** The newest Warning event about the object with this uid that `matches`, or `null`. */
export function newestWarning(
  view: ClusterView,
  uid: string,
  matches: (event: EventObject) => boolean,
): EventObject | null {
  let newest: EventObject | null = null;
  for (const event of view.eventsOf(uid)) {
    if (event.type !== 'Warning' || !matches(event)) continue;
    if (newest === null || event.lastSeenAt > newest.lastSeenAt) newest = event;
  }
  return newest;
}

/** A Warning event as one short sentence, without what only repeats the pod's name or quotes a program's output. */
export function describeWarning(event: EventObject): string {
  return `${event.reason}: ${boundText(withoutOutput(withoutPodName(withoutCredentials(event.message))), maxLength)}`;
}

/** Takes `user:password@` out of the addresses in a text. */
export function withoutCredentials(text: string): string {
  return text.replace(/\/\/[^\s/@"']+@/g, '//');
}

function withoutPodName(message: string): string {
  return message.replace(/ in pod \S+\([0-9a-f-]+\)$/, '');
}

// What an exec probe prints is the program's own output and may hold anything; what the kubelet says itself is safe.
function withoutOutput(message: string): string {
  const probe = /^(Liveness|Readiness|Startup) probe (failed|errored)/.exec(message);
  if (!probe) return message;
  return /^\S+ probe \S+: (HTTP probe failed|Get "|dial tcp|context deadline|command timed out)/.test(message)
    ? message
    : probe[0];
}
