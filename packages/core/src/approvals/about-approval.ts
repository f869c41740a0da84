import { SEVERITIES } from '../domain/severity.js';
import type { Severity } from '../domain/severity.js';
import type { Risk } from '../domain/risk.js';
import type { JsonValue } from '../domain/json.js';
import type { RoutingSubject } from '../ports/notifier.js';
import type { ApprovalFile, RunFile } from '../runs/case-file.js';

/** How bad a question looks that no incident stands behind. */
export const severityOfRisk: Readonly<Record<Risk, Severity>> = { low: 'info', medium: 'warning', high: 'high' };

/** What routing and escalation look at: the target's place, and the incident that the run is for, as it was then. */
export function aboutApproval({ target, risk }: ApprovalFile, { scope }: RunFile): RoutingSubject {
  const { severity } = scope.incident;
  const labels = scope.problem?.['labels'];
  return {
    cluster: target.cluster,
    namespace: target.namespace,
    severity: SEVERITIES.find((known) => known === severity) ?? severityOfRisk[risk],
    labels: isMap(labels)
      ? Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, String(value)]))
      : {},
  };
}

function isMap(value: JsonValue | undefined): value is Readonly<Record<string, JsonValue>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
