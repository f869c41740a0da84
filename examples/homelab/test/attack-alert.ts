import type { AttackCase } from '@dogwatch/testkit';

/** A notification of Alertmanager (https://prometheus.io/docs/alerting/latest/configuration/#webhook_config) whose alerts carry the texts wherever a rule's author or a metric's label can put one. */
export function alertBatch(attacks: readonly AttackCase[]): object {
  const startsAt = new Date(Date.now() - 60_000).toISOString();
  const alerts = attacks.map(({ id, text }) => ({
    status: 'firing',
    labels: { alertname: id, namespace: 'shop', severity: 'high', note: text },
    annotations: { summary: text, description: `Seen by a metric. ${text}`, runbook_url: text },
    startsAt,
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'http://prometheus.example/graph',
    fingerprint: Buffer.from(id).toString('hex').slice(-16),
  }));
  return {
    version: '4',
    groupKey: '{}:{namespace="shop"}',
    truncatedAlerts: 0,
    status: 'firing',
    receiver: 'dogwatch',
    groupLabels: { namespace: 'shop' },
    commonLabels: { namespace: 'shop' },
    commonAnnotations: {},
    externalURL: 'http://alertmanager.example',
    alerts,
  };
}
