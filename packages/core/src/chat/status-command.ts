import { inject, injectable } from '../di/inject.js';
import type { OutgoingMessage } from '../domain/outgoing-message.js';
import { stripToOneLine } from '../domain/strip-controls.js';
import type { ChatCommand } from '../ports/chat-command.js';
import { HealthReports } from '../health/health-reports.js';
import { IncidentLog } from '../ports/incident-log.js';
import type { SummaryKind } from '../ports/incident-log.js';
import { RESUME_HINT } from '../ports/write-switch.js';

const maxCounted = 500;

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
      this.countOpen('incident'),
      this.countOpen('approval'),
      this.countOpen('run'),
      this.health.all(),
    ]);
    const unwell = reports.filter((report) => report.status !== 'ok');
    const text =
      unwell.length === 0
        ? 'Every part of Dogwatch is well.'
        : unwell.map((report) => `${report.name} is ${report.status}: ${stripToOneLine(report.message)}`).join('\n');
    return [
      {
        title: 'Status',
        severity: null,
        text,
        facts: [
          { label: 'Open incidents', value: incidents },
          { label: 'Waiting for approval', value: approvals },
          { label: 'Runs under way', value: runs },
        ],
        blocks: [],
        buttons: [],
        commands: [RESUME_HINT],
      },
    ];
  }

  private async countOpen(kind: SummaryKind): Promise<string> {
    const { items, next } = await this.log.listSummaries({ kind, open: true, limit: maxCounted });
    return next === null ? String(items.length) : `over ${items.length}`;
  }
}
