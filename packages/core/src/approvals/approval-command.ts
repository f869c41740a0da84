import { inject, injectable, injectEach } from '../di/inject.js';
import type { Actor } from '../domain/actor.js';
import type { ApprovalSummary } from '../domain/approval-summary.js';
import { ownMessage, plainMessage } from '../domain/outgoing-message.js';
import type { OutgoingMessage } from '../domain/outgoing-message.js';
import { approveLine, decisionCommands } from '../domain/decision-lines.js';
import { describeCall } from '../domain/describe-call.js';
import { clockTime } from '../domain/describe-time.js';
import { stripToOneLine } from '../domain/strip-controls.js';
import { ApprovalManager } from '../ports/approval-manager.js';
import type { ApprovalDecision, DecisionOutcome } from '../ports/approval-manager.js';
import type { ChatCommand, ChatInvocation } from '../ports/chat-command.js';
import { IncidentLog } from '../ports/incident-log.js';
import { Metrics } from '../ports/metrics.js';
import { People } from '../people/people.js';
import { PeopleSource } from '../ports/people-source.js';
import { Runs } from '../ports/runs.js';
import { CaseLog } from '../runs/case-log.js';
import { describeAsked } from './describe-asked.js';
import { outcomeCommands } from './judge-decision.js';
import { renderApproval } from './render-approval.js';

const listed = 20;

/** `/approval`: what waits, one of them in full, and deciding it. */
@injectable()
export class ApprovalCommand implements ChatCommand {
  readonly name = 'approval';
  readonly usage = [
    '/approval list',
    '/approval show <id>',
    '/approval approve <id> [<target name>]',
    '/approval reject <id> [<reason>]',
    '/approval ask-again <id>',
  ];
  readonly description = 'What waits for approval, and deciding it';
  private readonly cases: CaseLog;
  private readonly people: People;

  constructor(
    @inject(IncidentLog) private readonly log: IncidentLog,
    @inject(ApprovalManager) private readonly approvals: ApprovalManager,
    @inject(Runs) private readonly runs: Runs,
    @inject(Metrics) metrics: Metrics,
    @injectEach(PeopleSource) people: readonly PeopleSource[],
  ) {
    this.people = new People(people);
    this.cases = new CaseLog(log, metrics);
  }

  isReading([form = 'list']: readonly string[]): boolean {
    return form === 'list' || form === 'show';
  }

  async run({ words, actor }: ChatInvocation): Promise<readonly OutgoingMessage[]> {
    const [form = 'list', typed, ...rest] = words;
    if (form === 'list' && typed === undefined) return this.list();
    if (typed === undefined || !['show', 'approve', 'reject', 'ask-again'].includes(form)) return [this.usageMessage()];
    const resolved = await this.approvals.resolveId(typed);
    if (resolved.kind !== 'found') return [ownMessage(resolved.message)];
    const approvalId = resolved.id;
    switch (form) {
      case 'show':
        return this.show(approvalId);
      case 'approve':
        return this.decide({ approvalId, decision: 'approve', actor, confirm: rest.join(' ') });
      case 'reject':
        return this.decide({ approvalId, decision: 'reject', actor, ...(rest[0] ? { reason: rest.join(' ') } : {}) });
      default:
        return this.askAgain(approvalId, actor);
    }
  }

  private async list(): Promise<readonly OutgoingMessage[]> {
    const page = await this.log.listSummaries({ kind: 'approval', open: true, limit: listed });
    if (page.items.length === 0) return [plainMessage('Nothing waits for approval.')];
    const waiting = page.items.map((item) => item.data as unknown as ApprovalSummary);
    const more = page.next === null ? '' : '\n\nThere are more; decide these first.';
    const show = '/approval show <id>';
    const text = `${waiting.map(describeWaiting).join('\n\n')}${more}\n\nWhat exactly each would change: ${show}`;
    return [plainMessage(text, [show, ...decisionCommands(waiting)])];
  }

  private async show(approvalId: string): Promise<readonly OutgoingMessage[]> {
    const found = await this.cases.findApproval(approvalId);
    return found === null
      ? [plainMessage(`There is no approval '${approvalId}'.`)]
      : [renderApproval({ ...found, nameOf: (actor) => this.people.nameOf(actor) })];
  }

  private async decide(decision: ApprovalDecision): Promise<readonly OutgoingMessage[]> {
    const outcome = await this.approvals.decide(decision);
    return [plainMessage(describeDecision(outcome), outcomeCommands(outcome))];
  }

  private async askAgain(approvalId: string, actor: Actor): Promise<readonly OutgoingMessage[]> {
    const start = await this.runs.askAgain(approvalId, actor);
    if (!start.ok) return [plainMessage(stripToOneLine(start.reason))];
    return [await describeAsked(this.log, start.run)];
  }

  private usageMessage(): OutgoingMessage {
    return ownMessage(`Write it like one of these:\n${this.usage.join('\n')}`);
  }
}

/** Puts the outcome of a decision into words for the one who decided. */
export function describeDecision(outcome: DecisionOutcome): string {
  if (outcome.kind !== 'recorded') return outcome.message;
  const { id, status } = outcome.approval;
  const next = status === 'approved' ? 'Its target is compared once more, then it is done.' : 'Nothing is changed.';
  return `${id} (${describeCall(outcome.approval)}) is ${status}. ${next}`;
}

// Three short lines: what, why, and what to type.
function describeWaiting(approval: ApprovalSummary): string {
  const { risk, expiresAt, reason } = approval;
  return `${describeCall(approval)} (${risk} risk, until ${clockTime(expiresAt)})\nWhy: ${stripToOneLine(reason)}\n${approveLine(approval)}`;
}
