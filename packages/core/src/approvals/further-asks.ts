import type { Clock, Timer } from '../ports/clock.js';
import type { RoutingSubject } from '../ports/notifier.js';
import type { ApprovalFile, CaseFile } from '../runs/case-file.js';
import { approvalKey, dueAsks } from './escalation.js';
import type { Ask, Escalation } from './escalation.js';

/** A message that asks once more, or asked. */
export interface FurtherAsk {
  readonly messageKey: string;
  /** Where it was asked first, or of others. */
  readonly ask: 'again' | 'elsewhere';
  readonly to?: readonly string[];
  readonly isEditOnly?: boolean;
}

/** What there is to know about an approval to ask once more. */
export interface AskedApproval {
  readonly file: CaseFile;
  readonly approval: ApprovalFile;
  readonly about: RoutingSubject;
}

/**
 * Keeps the time of what nobody decides. When to ask, and what was asked, follows from the log; the timers only wake whoever
 * announces, and every leader makes them anew.
 */
export class FurtherAsks {
  private readonly timers = new Map<string, Timer>();
  /** What was asked of approvals that are open, by approval. */
  private readonly given = new Map<string, readonly FurtherAsk[]>();

  constructor(
    private readonly escalation: Escalation,
    private readonly clock: Clock,
  ) {}

  /** Every message besides the first that asks about it by now, or asked; `wake` is called when the next is due. */
  list({ file, approval, about }: AskedApproval, wake: () => void): readonly FurtherAsk[] {
    const nowMs = this.clock.now();
    const wasShown = (key: string): boolean => file.shownMessages.has(key);
    const first = approvalKey(approval.id);
    if (approval.status !== 'pending' || nowMs >= Date.parse(approval.expiresAt)) {
      this.setTimer(approval.id, null, wake);
      return this.takeBack(file, approval.id);
    }
    const asks = this.escalation.asksFor(approval, about);
    this.setTimer(approval.id, asks.find(({ atMs }) => atMs > nowMs)?.atMs ?? null, wake);
    const due = dueAsks(asks, nowMs, wasShown).flatMap((ask) => describeAsk(ask, wasShown(first)));
    if (due.length > 0) this.given.set(approval.id, due);
    return due;
  }

  // What was posted loses its buttons; what is still on its way to a slow room must not arrive any more.
  private takeBack({ shownMessages }: CaseFile, approvalId: string): readonly FurtherAsk[] {
    const given = this.given.get(approvalId) ?? [];
    this.given.delete(approvalId);
    const posted = [...shownMessages].filter((key) => key.startsWith(`${approvalKey(approvalId)}/`));
    const others = posted.filter((key) => given.every(({ messageKey }) => messageKey !== key));
    const all: readonly FurtherAsk[] = [
      ...given,
      ...others.map((messageKey) => ({ messageKey, ask: 'again' as const })),
    ];
    return all.map((ask) => ({ ...ask, isEditOnly: true }));
  }

  clear(): void {
    for (const timer of this.timers.values()) timer.cancel();
    this.timers.clear();
    this.given.clear();
  }

  private setTimer(approvalId: string, atMs: number | null, wake: () => void): void {
    this.timers.get(approvalId)?.cancel();
    this.timers.delete(approvalId);
    if (atMs === null) return;
    const timer = this.clock.setTimer(() => {
      this.timers.delete(approvalId);
      wake();
    }, atMs - this.clock.now());
    this.timers.set(approvalId, timer);
  }
}

// Nothing is asked again that was not asked: in quiet hours, or where it could not be shown, the first question is yet to come.
function describeAsk({ messageKey, to }: Ask, wasAsked: boolean): readonly FurtherAsk[] {
  if (to !== null) return [{ messageKey, to, ask: 'elsewhere' }];
  return wasAsked ? [{ messageKey, ask: 'again' }] : [];
}
