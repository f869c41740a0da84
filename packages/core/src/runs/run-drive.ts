import type { GateSignals } from '../approvals/write-gate.js';
import type { Clock, Timer } from '../ports/clock.js';
import type { Claim } from '../ports/leadership.js';
import type { Logger } from '../ports/logger.js';
import type { Progress, RunAdvancer, Situation } from './run-advancer.js';
import type { RunWakeups } from './run-wakeups.js';

const firstPauseMs = 1_000;
const maxPauseMs = 30_000;
/** When another replica's run is looked at again: it may have died, or may not have been told. */
const lookAgainMs = 5_000;
/** The same for the one that was told: whoever has the run may have done with it just now. */
const firstLookAgainMs = 250;

/** What a drive works with. */
export interface RunDriveParts {
  readonly runId: string;
  readonly advancer: RunAdvancer;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signals: GateSignals;
  readonly wakeups: Pick<RunWakeups, 'areShared' | 'at'>;
  /** Takes the right to act for this run; `null` while another replica has it. */
  claim(): Promise<Claim | null>;
  /** Called when the run has ended and the drive is of no more use. */
  onEnded(): void;
}

type Step = Progress | { readonly kind: 'taken' };

/** Brings one run forward, one action at a time, whenever it is woken; never twice at once. */
export class RunDrive {
  private running: Promise<void> | null = null;
  private isWoken = false;
  private timer: Timer | null = null;
  private later: Timer | null = null;
  private nextLookMs = lookAgainMs;
  private pause = new AbortController();
  private waiting: (() => void)[] = [];
  private claimed: Claim | null = null;

  constructor(private readonly parts: RunDriveParts) {}

  /** Resolves once the run is planned, or cannot go on for now. Never rejects. */
  wake(): Promise<void> {
    if (this.parts.wakeups.areShared) this.nextLookMs = firstLookAgainMs;
    const planned = new Promise<void>((resolve) => this.waiting.push(resolve));
    this.look();
    return planned;
  }

  /** Somebody else was told that the run can go on: looks whether it did, unless this drive looks before. */
  lookLater(): void {
    if (this.isStopping()) return;
    this.later ??= this.parts.clock.setTimer(() => this.look(), lookAgainMs);
  }

  private look(): void {
    this.isWoken = true;
    this.pause.abort();
    this.begin();
  }

  private begin(): void {
    this.running ??= this.run().finally(() => {
      this.running = null;
      // A wake that came after the last look must not be lost.
      if (this.isWoken && !this.isStopping()) this.begin();
      else this.release();
    });
  }

  /** Resolves when nothing is being done; the signals must have been aborted before. */
  async stop(): Promise<void> {
    this.forgetLater();
    await this.running;
    this.timer?.cancel();
  }

  private async run(): Promise<void> {
    while (this.isWoken && !this.isStopping()) {
      this.isWoken = false;
      this.forgetLater();
      await this.advanceToRest().finally(() => this.giveUpClaim());
    }
  }

  private async advanceToRest(): Promise<void> {
    let hasActed = false;
    for (let failures = 0; !this.isStopping();) {
      const progress = await this.advance(failures);
      if (progress.kind === 'taken') return this.lookAgain();
      if (progress.kind === 'rest') return this.rest(progress.untilMs, hasActed);
      hasActed = true;
      if (progress.kind === 'go-on') failures = 0;
      else await this.pauseAfter(progress.error, failures++);
    }
  }

  private async advance(failures: number): Promise<Step> {
    const { advancer, runId, signals } = this.parts;
    try {
      const situation = await advancer.look(runId);
      if (situation === null) return { kind: 'rest', untilMs: null };
      if (situation.action.kind !== 'plan') this.release();
      this.endIfOver(situation);
      if (!(await this.mayPerform(situation))) return { kind: 'taken' };
      return await advancer.perform(situation, { signals, failures });
    } catch (error) {
      return { kind: 'retry', error };
    }
  }

  // Two replicas that act for one run do no harm, but each would take the other's effect for one that was left behind.
  private async mayPerform({ action }: Situation): Promise<boolean> {
    if (action.kind === 'none' || action.kind === 'wait') return true;
    if (this.claimed?.signal.aborted === true) await this.giveUpClaim();
    this.claimed ??= await this.parts.claim();
    return this.claimed !== null;
  }

  private async giveUpClaim(): Promise<void> {
    const { claimed } = this;
    this.claimed = null;
    await claimed?.release();
  }

  private endIfOver({ action }: Situation): void {
    if (action.kind !== 'none') return;
    this.forgetLater();
    this.parts.onEnded();
  }

  // Whoever brought the run to its rest has one replica told when that is over; all look a little later whether that happened.
  private rest(untilMs: number | null, hasActed: boolean): void {
    this.timer?.cancel();
    this.timer = null;
    if (untilMs === null) return;
    const { areShared } = this.parts.wakeups;
    if (areShared && hasActed) this.parts.wakeups.at(this.parts.runId, untilMs);
    this.lookIn(Math.max(untilMs - this.parts.clock.now(), 0) + (areShared ? lookAgainMs : 0));
  }

  private lookAgain(): void {
    this.timer?.cancel();
    this.lookIn(this.nextLookMs);
    this.nextLookMs = Math.min(this.nextLookMs * 2, lookAgainMs);
  }

  private lookIn(delayMs: number): void {
    this.timer = this.parts.clock.setTimer(() => this.look(), delayMs);
  }

  private forgetLater(): void {
    this.later?.cancel();
    this.later = null;
  }

  private async pauseAfter(error: unknown, failures: number): Promise<void> {
    this.release();
    if (this.isStopping()) return;
    this.parts.logger.warn('run_stuck', 'A run cannot go on for now and tries again.', {
      run_id: this.parts.runId,
      failures: failures + 1,
      error,
    });
    // Who was woken while the step failed has nothing to wait for.
    if (this.isWoken) {
      this.isWoken = false;
      return;
    }
    this.pause = new AbortController();
    const signal = AbortSignal.any([this.pause.signal, this.parts.signals.read]);
    // Rejects only when woken or stopped, both of which end the pause.
    await this.parts.clock.sleep(Math.min(firstPauseMs * 2 ** failures, maxPauseMs), signal).catch(() => undefined);
  }

  private release(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  private isStopping(): boolean {
    return this.parts.signals.read.aborted;
  }
}
