import type { Port } from '../di/define-port.js';
import type { Container } from '../di/container.js';
import { AppError } from '../errors/app-error.js';
import { Clock } from '../ports/clock.js';
import { HostedService } from '../ports/hosted-service.js';
import { orderPlugins } from './boot-order.js';
import { buildContainer } from './build-container.js';
import { corePlugin } from './core-bindings.js';
import type { CoreBindings } from './core-bindings.js';
import type { Plugin } from './define-plugin.js';
import { LifeCycle, MutableAppState } from './life-cycle.js';
import type { LifeCycleDeadlines, NamedService } from './life-cycle.js';
import { registerPlugins } from './register-plugins.js';
import { checkWiring } from './wiring-check.js';

/** What an app is made of. */
export interface AppOptions {
  /** Listed, never discovered; plugins start in this order, except that a plugin starts after those whose ports it requires. */
  readonly plugins: readonly Plugin[];
  /** What binds core's own ports, where it is not what core binds by itself. */
  readonly core?: CoreBindings;
  /** How long one call to one hosted service may take, since it last reported progress; 30 s to start, 10 s to open, 5 s to close and 10 s to stop unless said. */
  readonly deadlines?: Partial<LifeCycleDeadlines>;
  /** How many milliseconds `/ready` says no at a stop, while everything still works, before intake closes; 0 unless said. */
  readonly drainMs?: number;
}

/** A whole Dogwatch, made by `createApp`. */
export interface App {
  /**
   * Checks and builds everything, starts every hosted service and opens it. Rejects with an AppError `DW_BOOT_…` that names all problems
   * of the first phase that has any; what had started is stopped by then. An app starts once.
   */
  start(): Promise<void>;
  /** Waits for `drainMs`, closes all intake, then stops everything in reverse order. Idempotent; rejects with an AggregateError of all that failed. */
  stop(): Promise<void>;
  /** Answers what is bound to a port, for composition roots and tests; builds the app when nobody did so before. */
  get<T>(port: Port<T>): T;
}

const defaultDeadlines: LifeCycleDeadlines = { startMs: 30_000, openMs: 10_000, closeMs: 5_000, stopMs: 10_000 };

interface BuiltApp {
  readonly container: Container;
  readonly services: readonly NamedService[];
}

function build(plugins: readonly Plugin[]): BuiltApp {
  const order = orderPlugins(plugins);
  const registrations = registerPlugins(order);
  checkWiring(registrations, order);
  const container = buildContainer(registrations);
  const services = (registrations.contributions.get(HostedService) ?? []).map(({ plugin, source }) => {
    const service = container.construct(source) as HostedService;
    return { name: `${plugin.id}/${service.name}`, service };
  });
  return { container, services };
}

class PluginApp implements App {
  private readonly state = new MutableAppState();
  private readonly plugins: readonly Plugin[];
  private readonly deadlines: LifeCycleDeadlines;
  private readonly drainMs: number;
  private built: BuiltApp | null = null;
  private lifeCycle: LifeCycle | null = null;
  private stopping: Promise<void> | null = null;

  constructor({ plugins, core = {}, deadlines, drainMs = 0 }: AppOptions) {
    this.plugins = [corePlugin(core, this.state), ...plugins];
    this.deadlines = { ...defaultDeadlines, ...deadlines };
    this.drainMs = drainMs;
  }

  async start(): Promise<void> {
    if (this.lifeCycle !== null || this.state.phase === 'stopping') {
      throw new AppError('DW_APP_STARTED_TWICE', 'An app starts once. Make a new one with createApp.');
    }
    const { container, services } = this.build();
    const { deadlines, state, drainMs } = this;
    this.lifeCycle = new LifeCycle({ services, clock: container.get(Clock), deadlines, state, drainMs });
    await this.lifeCycle.start();
  }

  stop(): Promise<void> {
    if (this.stopping !== null) return this.stopping;
    this.state.phase = 'stopping';
    const stopping = this.lifeCycle?.stop() ?? Promise.resolve();
    this.stopping = stopping;
    // Who stops again after the end has nothing left to hear; who stops again meanwhile waits for the same end.
    const settle = (): void => {
      this.stopping = Promise.resolve();
    };
    stopping.then(settle, settle);
    return stopping;
  }

  get<T>(port: Port<T>): T {
    return this.build().container.get(port);
  }

  private build(): BuiltApp {
    this.built ??= build(this.plugins);
    return this.built;
  }
}

/** Makes an app of plugins; nothing runs before `start`. */
export function createApp(options: AppOptions): App {
  return new PluginApp(options);
}
