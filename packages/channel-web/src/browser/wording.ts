import type { Actor, Severity } from '@dogwatch/core';

const eventTypes: Readonly<Record<string, string>> = {
  oom_killed: 'Out of memory',
  crash_loop: 'Crash loop',
  image_pull_failed: 'Image cannot be pulled',
  not_ready_node: 'Node not ready',
  replication_failure: 'No replica available',
  alertmanager_firing: 'Alert',
};

/** The first letter in upper case. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** An event type in words. */
export function eventTypeWords(eventType: string): string {
  return eventTypes[eventType] ?? capitalized(eventType.replaceAll('_', ' '));
}

/** A tool as what it does: `k8s_restart_deployment` is "restart deployment". */
export function toolWords(tool: string): string {
  const words = tool.replace(/^k8s_/, '').replaceAll('_', ' ');
  return words.replace(/^rollback /, 'roll back ');
}

/** Somebody, in words. */
export function actorWords(actor: Actor): string {
  if (actor.channelType === 'system') return 'Dogwatch';
  if (actor.channelType === 'policy') return `the policy ${actor.userId}`;
  if (actor.channelType === 'api') return 'a script (API token)';
  return `${actor.userId} (${actor.channelType})`;
}

/** Where an object is. */
export function placeWords(place: {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | null;
  readonly cluster: string;
}): string {
  const namespace = place.namespace === null ? '' : ` · namespace ${place.namespace}`;
  return `${place.kind} ${place.name}${namespace} · cluster ${place.cluster}`;
}

/** How often something was seen. */
export function countWords(count: number): string {
  return count === 1 ? 'seen once' : `seen ${count}×`;
}

/** Severities, worst first. */
export const severityOrder: readonly Severity[] = ['critical', 'high', 'warning', 'info'];
