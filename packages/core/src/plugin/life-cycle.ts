import { AppError } from '../errors/app-error.js';
import type { AppPhase, AppState } from '../ports/app-state.js';
import type { Clock } from '../ports/clock.js';
import type { HostedService } from '../ports/hosted-service.js';
import { withinDeadline } from './deadline.js';

/** How long one call to one service may take. */
export interface LifeCycleDeadlines {
  readonly startMs: number;
  readonly openMs: number;
  readonly closeMs: number;
  readonly stopMs: number;
}

/** A service, with the plugin it came from. */
export interface NamedService {
  /** `plugin-id/ServiceName`, for messages. */
  readonly name: string;
  readonly service: HostedService;
}

/** The app state that the life cycle moves and everybody else reads. */
export class MutableAppState implements AppState {
  phase: AppPhase = 'starting';
}

/** What a life cycle works with. */
export interface LifeCycleOptions {
  /** In the order of start. */
  readonly services: readonly NamedService[];
  readonly clock: Clock;
  readonly deadlines: LifeCycleDeadlines;
  readonly state: MutableAppState;
  /** How long readiness is red before anything closes. */
  readonly drainMs: number;
}

type Step = 'start' | 'open' | 'close' | 'stop';

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Starts, opens, closes and stops the hosted services of one app, in order and within deadlines. */
export class LifeCycle {
  private readonly abort = new AbortController();
  private readonly started: NamedService[] = [];
  private readonly opened: NamedService[] = [];
  private starting: Promise<void> | null = null;
  private isOpening = false;
  private isStopAsked = false;
  private failures: readonly unknown[] = [];

  constructor(private readonly options: LifeCycleOptions) {}

  /** Starts every service one by one, then opens them; when one fails, stops what had started and rejects. */
  start(): Promise<void> {
    this.starting ??= this.startAll();
    return this.starting;
  }

  /** Stops everything in reverse order; interrupts a start that is under way. Rejects with all that failed. To be called once. */
  async stop(): Promise<void> {
    this.isStopAsked = true;
    this.options.state.phase = 'stopping';
    if (this.starting === null) return;
    // Before anything is open, what waits in `start` is told at once; later the signal has to wait for `close`.
    if (!this.isOpening) this.abort.abort(new AppError('DW_APP_STOPPED', 'The app was told to stop while it started.'));
    const hasStarted = await this.starting.then(
      () => true,
      () => false,
    );
    if (hasStarted) {
      // What sends requests here learns that it should stop, while they are still answered.
      if (this.options.drainMs > 0) await this.options.clock.sleep(this.options.drainMs);
      this.failures = await this.shutDown();
    }
    if (this.failures.length > 0) {
      throw new AggregateError(this.failures, `Stopping failed: ${this.failures.map(messageOf).join('; ')}`);
    }
  }

  private async startAll(): Promise<void> {
    try {
      for (const named of this.options.services) {
        this.refuseWhenStopping();
        await this.run('start', named);
        this.started.push(named);
      }
      this.isOpening = true;
      for (const named of this.options.services) {
        this.refuseWhenStopping();
        await this.run('open', named);
        this.opened.push(named);
      }
      this.refuseWhenStopping();
      this.options.state.phase = 'ready';
    } catch (error) {
      this.failures = await this.shutDown();
      throw this.explainFailedStart(error);
    }
  }

  private async shutDown(): Promise<readonly unknown[]> {
    this.options.state.phase = 'stopping';
    const failures: unknown[] = [];
    const runAll = async (step: Step, services: readonly NamedService[]): Promise<void> => {
      for (const named of [...services].reverse()) {
        await this.run(step, named).catch((error: unknown) => failures.push(error));
      }
    };
    await runAll('close', this.opened);
    this.abort.abort(new AppError('DW_APP_STOPPED', 'The app stops.'));
    await runAll('stop', this.started);
    return failures;
  }

  private async run(step: Step, { name, service }: NamedService): Promise<void> {
    const { clock, deadlines } = this.options;
    const deadlineMs = deadlines[`${step}Ms`];
    const late = (): Error =>
      new AppError(
        'DW_APP_DEADLINE_MISSED',
        `'${name}' did not ${step} within ${deadlineMs} ms. See what it waits for, or give createApp a longer deadline.`,
      );
    const call = async (report: () => void): Promise<void> => {
      try {
        if (step === 'start') await service.start?.(this.abort.signal, { report });
        else await service[step]?.();
      } catch (cause) {
        throw new AppError('DW_APP_SERVICE_FAILED', `'${name}' failed to ${step}: ${messageOf(cause)}`, { cause });
      }
    };
    await withinDeadline(call, { clock, deadlineMs, late });
  }

  private refuseWhenStopping(): void {
    if (this.isStopAsked) throw new AppError('DW_APP_STOPPED', 'The app was told to stop while it started.');
  }

  private explainFailedStart(error: unknown): unknown {
    const details = this.failures.map((failure) => ({ path: 'stop', message: messageOf(failure) }));
    if (this.isStopAsked) {
      return new AppError('DW_APP_STOPPED', 'The app was told to stop while it started.', { details, cause: error });
    }
    return new AppError('DW_BOOT_START_FAILED', `The app did not start: ${messageOf(error)}`, {
      details,
      cause: error,
    });
  }
}
