import { randomUUID } from 'node:crypto';
import { inject, injectable, injectEach } from '../di/inject.js';
import type { Actor } from '../domain/actor.js';
import type { ApprovalSummary } from '../domain/approval-summary.js';
import { AppError } from '../errors/app-error.js';
import type {
  ApprovalDecision,
  ApprovalManager,
  DecisionOutcome,
  ResolvedApproval,
} from '../ports/approval-manager.js';
import { Clock } from '../ports/clock.js';
import { IncidentLog } from '../ports/incident-log.js';
import type { NewEvent } from '../ports/incident-log.js';
import { Logger } from '../ports/logger.js';
import { Metrics } from '../ports/metrics.js';
import { People } from '../people/people.js';
import { PeopleSource } from '../ports/people-source.js';
import { CaseLog, approvalIn, approvalSummaryIn } from '../runs/case-log.js';
import type { FoundApproval } from '../runs/case-log.js';
import { summariseApproval } from '../runs/run-summaries.js';
import { RunWakeups } from '../runs/run-wakeups.js';
import { expireApproval } from '../runs/run-transitions.js';
import { ApprovalCopies } from './approval-copies.js';
import { ApprovalSettings } from './approval-settings.js';
import { ApproverPolicy } from './approver-policy.js';
import { describeOutcome, judgeDecision } from './judge-decision.js';
import type { Judgement } from './judge-decision.js';
import { requesterOf } from './requester-of.js';
import { resolveSummaryId } from './resolve-summary-id.js';

const pollMs = 1_000;
const claimedPollMs = 100;
// How long somebody else's claim is waited for: a little longer than a claim lives.
const patienceMs = 4_000;

/** Decides approvals on the log: whatever the log took first is the decision. */
@injectable()
export class LogApprovalManager implements ApprovalManager {
  private readonly cases: CaseLog;
  private readonly people: People;
  private readonly approvers: ApproverPolicy;

  constructor(
    @inject(IncidentLog) private readonly log: IncidentLog,
    @inject(Clock) private readonly clock: Clock,
    @inject(Logger) private readonly logger: Logger,
    @inject(Metrics) metrics: Metrics,
    @inject(ApprovalSettings) settings: ApprovalSettings,
    @inject(ApprovalCopies) private readonly copies: ApprovalCopies,
    @inject(RunWakeups) private readonly wakeups: RunWakeups,
    @injectEach(PeopleSource) people: readonly PeopleSource[],
  ) {
    this.cases = new CaseLog(log, metrics);
    this.people = new People(people);
    this.approvers = new ApproverPolicy(settings.approverRules, this.people);
  }

  async decide(decision: ApprovalDecision): Promise<DecisionOutcome> {
    const outcome = await this.settle(decision, await this.locate(decision.approvalId));
    this.logger.info('approval_decision', 'Somebody decided about an approval.', {
      approval_id: decision.approvalId,
      incident_id: outcome.kind === 'unknown' ? null : outcome.approval.incidentId,
      user_id: decision.actor.userId,
      channel: decision.actor.channelType,
      decision: decision.decision,
      outcome: outcome.kind,
    });
    return outcome;
  }

  async expire(approvalId: string): Promise<ApprovalSummary | null> {
    const found = await this.cases.findApproval(approvalId);
    if (found === null) return null;
    const { stream } = found;
    const { file, result } = await this.cases.change(stream, (current) => {
      const { approval } = inFile(stream, current, approvalId);
      const nowMs = this.clock.now();
      const isOverdue = approval.status === 'pending' && nowMs >= Date.parse(approval.expiresAt);
      const events: readonly NewEvent[] = isOverdue ? expireApproval(approval, nowMs) : [];
      return { events, result: isOverdue };
    });
    return result ? approvalSummaryIn(stream, file, approvalId) : null;
  }

  async awaitResult(approvalId: string, signal: AbortSignal): Promise<ApprovalSummary> {
    const isOver = new AbortController();
    const waiting = AbortSignal.any([signal, isOver.signal]);
    try {
      for (;;) {
        signal.throwIfAborted();
        const changed = this.nextAppend(waiting, pollMs);
        const found = await this.cases.findApproval(approvalId);
        if (found === null) throw new AppError('DW_APPROVAL_UNKNOWN', unknownMessage(approvalId));
        if (found.approval.status !== 'pending') return summariseApproval(found.stream, found.approval);
        await changed;
      }
    } finally {
      isOver.abort();
    }
  }

  resolveId(text: string): Promise<ResolvedApproval> {
    return resolveSummaryId(this.log, 'approval', text);
  }

  // A copy only says where to look: what it says of the approval may be old.
  private async locate(approvalId: string): Promise<FoundApproval | null> {
    const copy = await this.copies.find(approvalId);
    if (copy === null) return this.cases.findApproval(approvalId);
    const found = approvalIn(copy.stream, await this.cases.read(copy.stream), approvalId);
    return found ?? this.cases.findApproval(approvalId);
  }

  private async settle(decision: ApprovalDecision, first: FoundApproval | null): Promise<DecisionOutcome> {
    const { approvalId } = decision;
    if (first === null) return { kind: 'unknown', message: unknownMessage(approvalId) };
    const holder = randomUUID();
    const patientUntil = this.clock.now() + patienceMs;
    for (let found = first; ; found = await this.again(found)) {
      const judgement = this.judge(found, decision);
      if (judgement.events.length === 0) return this.describe(judgement, found);
      const isMine = new AbortController();
      const appended = this.nextAppend(isMine.signal, claimedPollMs);
      if ((await this.copies.claim(approvalId, holder)) || this.clock.now() >= patientUntil) {
        isMine.abort();
        break;
      }
      await appended;
    }
    try {
      return await this.write(decision, first.stream);
    } finally {
      await this.copies.release(approvalId, holder);
    }
  }

  private async again({ stream, approval }: FoundApproval): Promise<FoundApproval> {
    return inFile(stream, await this.cases.read(stream), approval.id);
  }

  private async write(decision: ApprovalDecision, stream: string): Promise<DecisionOutcome> {
    const { approvalId } = decision;
    const { file, result } = await this.cases.change<Judgement>(stream, (current) => {
      const judgement = this.judge(inFile(stream, current, approvalId), decision);
      return { events: judgement.events, result: judgement };
    });
    const approval = approvalSummaryIn(stream, file, approvalId);
    if (approval.status !== 'pending') {
      this.wakeups.soon(approval.runId);
      await this.copies.remove(approvalId);
    }
    return this.describe(result, inFile(stream, file, approvalId));
  }

  private describe(judgement: Judgement, found: FoundApproval): DecisionOutcome {
    const { votes: countedVotes } = this.countVotes(found);
    const nameOf = (actor: Actor): string => this.people.nameOf(actor);
    return describeOutcome(judgement, summariseApproval(found.stream, found.approval), { nameOf, countedVotes });
  }

  private countVotes({ file, run, approval }: FoundApproval) {
    return this.approvers.countVotes(approval, { votes: approval.votes, requestedBy: requesterOf(file, run) });
  }

  private judge(found: FoundApproval, decision: ApprovalDecision): Judgement {
    const { actor, decision: choice } = decision;
    const approver = this.approvers.judge(found.approval, {
      actor,
      decision: choice,
      requestedBy: requesterOf(found.file, found.run),
    });
    const { approvedBy } = this.countVotes(found);
    return judgeDecision(found, decision, { approver, approvedBy, nowMs: this.clock.now() });
  }

  // Hints of the store may be lost, so it is looked at from time to time as well.
  private async nextAppend(signal: AbortSignal, atLeastEveryMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        stopListening();
        timer.cancel();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const stopListening = this.log.onAppend(() => done());
      const timer = this.clock.setTimer(() => done(), atLeastEveryMs);
      signal.addEventListener('abort', done);
    });
  }
}

function inFile(stream: string, file: FoundApproval['file'], approvalId: string): FoundApproval {
  const found = approvalIn(stream, file, approvalId);
  // Summaries are written with their events, so what has a summary is in its stream.
  if (found === null) throw new TypeError(`Stream '${stream}' lost approval '${approvalId}'.`);
  return found;
}

function unknownMessage(text: string): string {
  return `There is no approval '${text}'. See /approval list.`;
}
