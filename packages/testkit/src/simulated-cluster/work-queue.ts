import type { SimulationClock } from './simulation-clock.js';

/** Runs a controller's work per key: each key once, however often it was asked for, and never inside a write. */
export class WorkQueue {
  readonly #keys = new Set<string>();
  #isScheduled = false;

  constructor(
    private readonly clock: SimulationClock,
    private readonly work: (key: string) => void,
  ) {}

  add(key: string): void {
    this.#keys.add(key);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.clock.after(0, () => this.#run());
  }

  #run(): void {
    this.#isScheduled = false;
    const keys = [...this.#keys];
    this.#keys.clear();
    for (const key of keys) this.work(key);
  }
}
