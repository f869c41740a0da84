import { inject, injectable } from '../di/inject.js';
import type { ApprovalSummary } from '../domain/approval-summary.js';
import { approveLine, decisionCommands } from '../domain/decision-lines.js';
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
import { RESUME_HINT } from '../ports/write-switch.js';

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
    const parts = [describeHealth(reports), ...describeIncidents(incidents), ...describeApprovals(approvals)];
    return [
      {
        title: 'Status',
        severity: null,
        text: parts.map(({ text }) => text).join('\n\n'),
        facts: [
          { label: 'Open incidents', value: countOf(incidents) },
          { label: 'Waiting for approval', value: countOf(approvals) },
          { label: 'Runs under way', value: countOf(runs) },
        ],
        blocks: [],
        buttons: [],
        commands: parts.flatMap(({ commands }) => commands),
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

/** A paragraph, and what it tells people to type. */
interface Told {
  readonly text: string;
  readonly commands: readonly string[];
}

function describeHealth(reports: readonly NamedHealthReport[]): Told {
  const unwell = reports.filter((report) => report.status !== 'ok');
  const text =
    unwell.length === 0
      ? 'Every part of Dogwatch is well.'
      : unwell.map(({ name, status, message }) => `${name} (${status}): ${stripToOneLine(message)}`).join('\n');
  return { text, commands: [RESUME_HINT] };
}

function describeIncidents({ items }: SummaryPage): readonly Told[] {
  if (items.length === 0) return [];
  const open = items.map(({ data }) => data as unknown as IncidentSummary);
  const worstFirst = open.toSorted((a, b) => compareSeverity(a.severity, b.severity));
  const lines = worstFirst
    .slice(0, listed)
    .map(({ id, severity, title }) => `${id}  ${severity}: ${stripToOneLine(title)}`);
  const list = open.length > listed ? ['/incident list'] : [];
  const all = list.map((command) => `All of them: ${command}`);
  return [{ text: ['Open, the worst first:', ...lines, ...all].join('\n'), commands: list }];
}

function describeApprovals({ items }: SummaryPage): readonly Told[] {
  if (items.length === 0) return [];
  const shown = items.slice(0, listed).map(({ data }) => data as unknown as ApprovalSummary);
  const lines = shown.flatMap((approval) => {
    const { risk, expiresAt } = approval;
    return [`${describeCall(approval)} (${risk} risk, until ${clockTime(expiresAt)})`, approveLine(approval)];
  });
  const list = '/approval list';
  const text = ['Waiting for a decision:', ...lines, `What exactly each would change: ${list}`].join('\n');
  return [{ text, commands: [list, ...decisionCommands(shown)] }];
}
