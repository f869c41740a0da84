import { isoTime } from '@dogwatch/core';
import type { ClusterEvent, PlacedResource, Severity } from '@dogwatch/core';
import type { AlertBatch, ReceivedAlert } from './alert-payload.js';

/** Name of the source. */
export const ALERTMANAGER = 'alertmanager';

const severities: Readonly<Record<string, Severity>> = {
  critical: 'critical',
  page: 'critical',
  error: 'critical',
  high: 'high',
  warning: 'warning',
  info: 'info',
  none: 'info',
};

/** The facet of an alert within its incident. */
export function alertFacet(alert: Pick<ReceivedAlert, 'fingerprint'>): string {
  return `alert/${alert.fingerprint}`;
}

/** What an alert tells the incident pipeline. */
export function alertEvent(
  alert: ReceivedAlert,
  { resource, batch, now }: { readonly resource: PlacedResource; readonly batch: AlertBatch; readonly now: number },
): ClusterEvent {
  const common = { source: ALERTMANAGER, resource, facet: alertFacet(alert) };
  if (alert.status === 'resolved') {
    const endedAt = Math.min(Date.parse(alert.endsAt ?? isoTime(now)), now);
    return { ...common, kind: 'cleared', clearedAt: isoTime(endedAt), reason: `alert ${nameOf(alert)} is resolved` };
  }
  return {
    ...common,
    kind: 'observed',
    eventType: 'alertmanager_firing',
    severity: severities[alert.labels['severity']?.toLowerCase() ?? ''] ?? 'warning',
    message: describeAlert(alert),
    occurrence: alert.startsAt,
    occurredAt: alert.startsAt,
    labels: alert.labels,
    facts: {
      title: titleOf(alert, resource),
      alertname: alert.labels['alertname'] ?? null,
      fingerprint: alert.fingerprint,
      annotations: alert.annotations,
      generatorURL: alert.generatorURL,
      externalURL: batch.externalURL,
      receiver: batch.receiver,
    },
  };
}

function nameOf(alert: ReceivedAlert): string {
  return alert.labels['alertname'] ?? alert.fingerprint;
}

function titleOf(alert: ReceivedAlert, resource: PlacedResource): string {
  return resource.kind === 'Alert' ? 'is firing' : `has the alert ${nameOf(alert)} firing`;
}

/** What an alert says, in a sentence or two. */
export function describeAlert(alert: ReceivedAlert): string {
  const { annotations } = alert;
  const said = [annotations['summary'], annotations['description'] ?? annotations['message']];
  const words = [...new Set(said.filter((text) => text !== undefined && text.trim() !== ''))].join(' ');
  return `Alert ${nameOf(alert)} is firing${words === '' ? '.' : `: ${words}`}`;
}
