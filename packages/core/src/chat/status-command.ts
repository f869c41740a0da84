import { inject, injectable } from '../di/inject.js';
import type { ApprovalSummary } from '../domain/approval-summary.js';
import { approveLine } from '../domain/decision-lines.js';
import { describeCall } from '../domain/describe-call.js';
import { clockTime } from '../domain/describe-time.js';
import type { IncidentSummary } from '../domain/incident-summary.js';
import type { OutgoingMessage } from '../domain/outgoing-message.js';
import { compareSeverity } from '../domain/severity.js';
import { stripToOneLine } from '../domain/strip-controls.js';
import type { ChatCommand } from '../ports/chat-command.js';
import { HealthReports } from '../health/health-reports.js';
import type { NamedHealthReport } from '../health/health-reports.js';
import { IncidentLog } from '../ports/incident-log.js';
import type { SummaryKind, SummaryPage } from '../ports/incident-log.js';

const maxCounted = 500;
const listed = 5;

/** `/status`: what is open, what waits, and how every part of Dogwatch is. */
@injectable()
export class StatusCommand implements ChatCommand {
  readonly name = 'status';
  readonly usage = ['/status'];
  readonly description = 'How things are: open incidents, what waits for approval, and every part of Dogwatch';

  constructor(
    @inject(IncidentLog) private readonly log: IncidentLog,
    @inject(HealthReports) private readonly health: HealthReports,
  ) {}

  isReading(): boolean {
    return true;
  }

  async run(): Promise<readonly OutgoingMessage[]> {
    const [incidents, approvals, runs, reports] = await Promise.all([
      this.listOpen('incident'),
      this.listOpen('approval'),
      this.listOpen('run'),
      this.health.all(),
    ]);
    const parts = [describeHealth(reports), describeIncidents(incidents), describeApprovals(approvals)];
    return [
      {
        title: 'Status',
        severity: null,
        text: parts.filter((part) => part !== '').join('\n\n'),
        facts: [
          { label: 'Open incidents', value: countOf(incidents) },
          { label: 'Waiting for approval', value: countOf(approvals) },
          { label: 'Runs under way', value: countOf(runs) },
        ],
        blocks: [],
        buttons: [],
      },
    ];
  }

  private listOpen(kind: SummaryKind): Promise<SummaryPage> {
    return this.log.listSummaries({ kind, open: true, limit: maxCounted });
  }
}

function countOf({ items, next }: SummaryPage): string {
  return next === null ? String(items.length) : `over ${items.length}`;
}

function describeHealth(reports: readonly NamedHealthReport[]): string {
  const unwell = reports.filter((report) => report.status !== 'ok');
  if (unwell.length === 0) return 'Every part of Dogwatch is well.';
  return unwell.map(({ name, status, message }) => `${name} (${status}): ${message}`).join('\n');
}

function describeIncidents({ items }: SummaryPage): string {
  if (items.length === 0) return '';
  const open = items.map(({ data }) => data as unknown as IncidentSummary);
  const worstFirst = open.toSorted((a, b) => compareSeverity(a.severity, b.severity));
  const lines = worstFirst
    .slice(0, listed)
    .map(({ id, severity, title }) => `${id}  ${severity}: ${stripToOneLine(title)}`);
  if (open.length > listed) lines.push('All of them: /incident list');
  return ['Open, the worst first:', ...lines].join('\n');
}

function describeApprovals({ items }: SummaryPage): string {
  if (items.length === 0) return '';
  const waiting = items.map(({ data }) => data as unknown as ApprovalSummary);
  const lines = waiting.slice(0, listed).flatMap((approval) => {
    const { risk, expiresAt } = approval;
    return [`${describeCall(approval)} (${risk} risk, until ${clockTime(expiresAt)})`, approveLine(approval)];
  });
  return ['Waiting for a decision:', ...lines, 'What exactly each would change: /approval list'].join('\n');
}
