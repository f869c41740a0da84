import { once } from 'node:events';
import { inject, injectable, injectEach } from '../di/inject.js';
import { SYSTEM_ACTOR } from '../domain/actor.js';
import type { Actor } from '../domain/actor.js';
import { Clock } from '../ports/clock.js';
import type { HostedService } from '../ports/hosted-service.js';
import { IncidentLog } from '../ports/incident-log.js';
import type { StoredEvent } from '../ports/incident-log.js';
import { Leadership, NOTIFICATIONS_LEASE } from '../ports/leadership.js';
import type { Campaign } from '../ports/leadership.js';
import { Logger } from '../ports/logger.js';
import { LogTail } from '../ports/log-tail.js';
import { Metrics } from '../ports/metrics.js';
import { People } from '../people/people.js';
import { PeopleSource } from '../ports/people-source.js';
import { ChannelAdapter } from '../ports/channel-adapter.js';
import { Notifier } from '../ports/notifier.js';
import { Roles } from '../ports/roles.js';
import type { ApprovalFile, CaseFile, RunFile } from '../runs/case-file.js';
import { CaseLog } from '../runs/case-log.js';
import type { FoundRun } from '../runs/case-log.js';
import { isWaitNote } from '../runs/fold-case-file.js';
import { asRunEvent } from '../runs/run-events.js';
import { summariseApproval } from '../runs/run-summaries.js';
import { ApprovalCopies } from './approval-copies.js';
import { plainMessage } from '../domain/outgoing-message.js';
import { describeDetail } from './describe-detail.js';
import { aboutApproval } from './about-approval.js';
import { ApprovalSettings } from './approval-settings.js';
import { ApproverPolicy } from './approver-policy.js';
import { Escalation, approvalKey } from './escalation.js';
import { FurtherAsks } from './further-asks.js';
import { isWorthPosting } from './is-worth-posting.js';
import type { AnnounceCause } from './is-worth-posting.js';
import { askedAgainBy, requesterOf } from './requester-of.js';
import { renderApproval } from './render-approval.js';

const retryMs = 5_000;
const stopGraceMs = 5_000;
const reconciledAtBoot = 500;

/**
 * Shows every approval to humans and keeps the message true: the question, who decided, what came of it.
 *
 * It follows the log, so an approval is always recorded before it is shown, and a message that a dying process left
 * behind is put right at boot. A channel that is slow or fails holds up nothing but its own message.
 */
@injectable()
export class ApprovalAnnouncer implements HostedService {
  readonly name = 'ApprovalAnnouncer';
  private readonly cases: CaseLog;
  private readonly people: People;
  private readonly working = new Map<string, Promise<void>>();
  private readonly again = new Set<string>();
  private readonly approvers: ApproverPolicy;
  private readonly furtherAsks: FurtherAsks;
  private readonly delivering = new Set<Promise<void>>();
  private term: AbortSignal = AbortSignal.abort();
  private campaign: Campaign | null = null;
  private begun: Promise<void> = Promise.resolve();
  private unsubscribe: (() => void) | null = null;

  constructor(
    @inject(IncidentLog) private readonly log: IncidentLog,
    @inject(LogTail) private readonly tail: LogTail,
    @inject(Notifier) private readonly notifier: Notifier,
    @inject(Clock) private readonly clock: Clock,
    @inject(Logger) private readonly logger: Logger,
    @inject(Metrics) metrics: Metrics,
    @inject(ApprovalCopies) private readonly copies: ApprovalCopies,
    @inject(Leadership) private readonly leadership: Leadership,
    @inject(Roles) private readonly roles: Roles,
    @injectEach(PeopleSource) people: readonly PeopleSource[],
    @inject(ApprovalSettings) settings: ApprovalSettings,
    @injectEach(ChannelAdapter) channels: readonly ChannelAdapter[],
  ) {
    this.people = new People(people);
    this.approvers = new ApproverPolicy(settings.approverRules, this.people);
    this.furtherAsks = new FurtherAsks(new Escalation(settings.escalation, this.people, channels), clock);
    this.cases = new CaseLog(log, metrics);
  }

  async open(): Promise<void> {
    if (!this.roles.has('worker')) return;
    this.campaign = this.leadership.campaign(NOTIFICATIONS_LEASE, (term) => this.lead(term));
    if (this.campaign.isLeading) await this.begun;
  }

  async stop(): Promise<void> {
    await this.campaign?.stop();
  }

  private async lead(term: AbortSignal): Promise<void> {
    this.term = term;
    try {
      this.begun = this.begin();
      await this.begun;
      if (!term.aborted) await once(term, 'abort');
    } finally {
      this.unsubscribe?.();
      this.furtherAsks.clear();
      await this.finish();
    }
  }

  /** Puts right what the one who announced before has left behind. */
  private async begin(): Promise<void> {
    this.unsubscribe = this.tail.subscribe({
      name: this.name,
      afterPosition: await this.log.lastPosition(),
      handle: (events) => this.handle(events),
    });
    for (const open of [true, false]) {
      const { items } = await this.log.listSummaries({ kind: 'approval', open, limit: reconciledAtBoot });
      for (const { data } of items) this.announce(String(data['runId']), 'boot');
    }
  }

  private async finish(): Promise<void> {
    const waited = new AbortController();
    const grace = this.clock.sleep(stopGraceMs, waited.signal).catch(() => undefined);
    await Promise.race([Promise.all([...this.working.values(), ...this.delivering]), grace]);
    waited.abort();
  }

  private async handle(events: readonly StoredEvent[]): Promise<void> {
    for (const event of events) {
      if (asRunEvent(event) !== null || isWaitNote(event)) {
        this.announce(String(event.data['runId']), 'event');
      }
      this.showDetail(event);
    }
    return Promise.resolve();
  }

  // One at a time per run; what changes meanwhile is shown by one more round.
  private announce(runId: string, cause: AnnounceCause): void {
    if (this.term.aborted) return;
    if (this.working.has(runId)) {
      this.again.add(runId);
      return;
    }
    const work = this.work(runId, cause).finally(() => {
      this.working.delete(runId);
      if (this.again.delete(runId)) this.announce(runId, 'event');
    });
    this.working.set(runId, work);
  }

  private async work(runId: string, cause: AnnounceCause): Promise<void> {
    const { term } = this;
    while (!term.aborted) {
      try {
        const found = await this.cases.findRun(runId);
        if (found !== null) await this.showRun(found, cause);
        return;
      } catch (error) {
        this.warn(runId, error);
        // Rejects only when the app stops, which ends the loop.
        await this.clock.sleep(retryMs, term).catch(() => undefined);
      }
    }
  }

  private async showRun({ stream, file, run }: FoundRun, cause: AnnounceCause): Promise<void> {
    const own = [...file.approvals.values()].filter((approval) => approval.runId === run.id);
    for (const approval of [...own, ...askedAgain(file, run)]) {
      const messageKey = approvalKey(approval.id);
      const approvalRun = file.runs.get(approval.runId);
      if (approvalRun === undefined) continue;
      const isEditOnly = !isWorthPosting(approval, { cause, wasShown: file.shownMessages.has(messageKey) });
      // Before anybody can press a button, so that every replica has the copy when it is pressed.
      if (approval.status === 'pending') {
        await this.copies.keep({ stream, approval: summariseApproval(stream, approval) });
      }
      const nameOf = (actor: Actor): string => this.people.nameOf(actor);
      const requestedBy = requesterOf(file, approvalRun);
      const { votes } = this.approvers.countVotes(approval, { votes: approval.votes, requestedBy });
      const view = { file, approval, run: approvalRun, nameOf, countedVotes: votes };
      const about = aboutApproval(approval, approvalRun);
      const common = { stream, about, signal: this.term };
      const first = { ...common, messageKey, isEditOnly, isAwaited: isHuman(approvalRun.requestedBy) };
      this.deliver(run.id, this.notifier.show({ ...first, message: renderApproval(view) }));
      const wake = (): void => this.announce(approval.runId, 'event');
      for (const { ask, ...more } of this.furtherAsks.list({ file, approval, about }, wake)) {
        const message = renderApproval({ ...view, ask });
        const again = { ...common, ...more, message, isAwaited: true, sameRoomsAs: messageKey };
        this.deliver(run.id, this.notifier.show(again));
      }
    }
  }

  // A room that is slow must not keep the next change from the others.
  private deliver(runId: string, shown: Promise<void>): void {
    const delivery = shown
      .catch(async (error: unknown) => {
        this.warn(runId, error);
        await this.clock.sleep(retryMs, this.term).catch(() => undefined);
        this.announce(runId, 'event');
      })
      .finally(() => this.delivering.delete(delivery));
    this.delivering.add(delivery);
  }

  // Best effort: what is lost here is in the timeline.
  private showDetail(event: StoredEvent): void {
    const text = describeDetail(event, (actor) => this.people.nameOf(actor));
    if (text === null || this.term.aborted) return;
    const { stream, version, data } = event;
    const message = plainMessage(text);
    const detail = { messageKey: `detail/${version}`, stream, message, under: 'incident', signal: this.term };
    const shown = this.notifier.show(detail).catch((error: unknown) => this.warn(String(data['runId']), error));
    const delivery = shown.finally(() => this.delivering.delete(delivery));
    this.delivering.add(delivery);
  }

  private warn(runId: string, error: unknown): void {
    this.logger.warn('approval_not_shown', 'An approval could not be shown and is tried again.', {
      run_id: runId,
      error,
    });
  }
}

function isHuman({ channelType }: Actor): boolean {
  return channelType !== 'policy' && channelType !== SYSTEM_ACTOR.channelType;
}

function askedAgain(file: CaseFile, run: RunFile): readonly ApprovalFile[] {
  const expired = askedAgainBy(run);
  const approval = expired === null ? undefined : file.approvals.get(expired);
  return approval === undefined ? [] : [approval];
}
