import type { GateSignals } from '../approvals/write-gate.js';
import type { Clock, Timer } from '../ports/clock.js';
import type { Claim } from '../ports/leadership.js';
import type { Logger } from '../ports/logger.js';
import type { Progress, RunAdvancer, Situation } from './run-advancer.js';

const firstPauseMs = 1_000;
const maxPauseMs = 30_000;
/** When another replica's run is looked at again: it may have died. */
const lookAgainMs = 5_000;

/** What a drive works with. */
export interface RunDriveParts {
  readonly runId: string;
  readonly advancer: RunAdvancer;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signals: GateSignals;
  /** Takes the right to act for this run; `null` while another replica has it. */
  claim(): Promise<Claim | null>;
  /** Called when the run has ended and the drive is of no more use. */
  onEnded(): void;
}

/** Brings one run forward, one action at a time, whenever it is woken; never twice at once. */
export class RunDrive {
  private running: Promise<void> | null = null;
  private isWoken = false;
  private timer: Timer | null = null;
  private pause = new AbortController();
  private waiting: (() => void)[] = [];
  private claimed: Claim | null = null;

  constructor(private readonly parts: RunDriveParts) {}

  /** Resolves once the run is planned, or cannot go on for now. Never rejects. */
  wake(): Promise<void> {
    this.isWoken = true;
    this.pause.abort();
    const planned = new Promise<void>((resolve) => this.waiting.push(resolve));
    this.begin();
    return planned;
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
    this.timer?.cancel();
    await this.running;
  }

  private async run(): Promise<void> {
    while (this.isWoken && !this.isStopping()) {
      this.isWoken = false;
      await this.advanceToRest().finally(() => this.giveUpClaim());
    }
  }

  private async advanceToRest(): Promise<void> {
    for (let failures = 0; !this.isStopping();) {
      const progress = await this.advance(failures);
      if (progress.kind === 'rest') return this.rest(progress.untilMs);
      if (progress.kind === 'go-on') failures = 0;
      else await this.pauseAfter(progress.error, failures++);
    }
  }

  private async advance(failures: number): Promise<Progress> {
    const { advancer, runId, signals } = this.parts;
    try {
      const situation = await advancer.look(runId);
      if (situation === null) return { kind: 'rest', untilMs: null };
      if (situation.action.kind !== 'plan') this.release();
      this.endIfOver(situation);
      if (!(await this.mayPerform(situation))) return { kind: 'rest', untilMs: this.parts.clock.now() + lookAgainMs };
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
    if (action.kind === 'none') this.parts.onEnded();
  }

  private rest(untilMs: number | null): void {
    this.timer?.cancel();
    this.timer = null;
    if (untilMs === null) return;
    const delayMs = Math.max(untilMs - this.parts.clock.now(), 0);
    this.timer = this.parts.clock.setTimer(() => void this.wake(), delayMs);
  }

  private async pauseAfter(error: unknown, failures: number): Promise<void> {
    this.release();
    if (this.isStopping()) return;
    this.parts.logger.warn('run_stuck', 'A run cannot go on for now and tries again.', {
      run_id: this.parts.runId,
      failures: failures + 1,
      error,
    });
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
