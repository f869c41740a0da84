import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { TemplateFault } from './fault-book.js';
import type { KubeObject } from './kube-object.js';
import { objectText } from './object-text.js';
import { typeOf, type Simulation } from './simulation.js';

/** Where the demo stands; what `DemoScenario` keeps over a restart. */
export interface ScenarioState {
  readonly phase: 'quiet' | 'broken';
  readonly next: 'crash-loop' | 'bad-rollout';
  /** When the next fault is due, or the present one began (milliseconds since the epoch). */
  readonly atMs: number;
  readonly rollouts: number;
}

/** What a saved world holds beside its objects. */
export interface WorldExtras {
  readonly token: string;
  readonly scenario: ScenarioState | null;
}

interface SavedWorld extends WorldExtras {
  readonly format: string;
  readonly resourceVersion: number;
  readonly faults: readonly TemplateFault[];
  readonly objects: readonly KubeObject[];
}

const FORMAT = 'dogwatch-simulated-cluster/1';
const SAVE_DELAY_MS = 150;

/** Keeps a simulation's world in one file, which is always whole: written beside it and renamed. */
export class WorldFile {
  readonly #path: string;
  #timer: NodeJS.Timeout | null = null;
  #isDirty = false;

  constructor(
    folder: string,
    private readonly simulation: Simulation,
    private readonly extras: () => WorldExtras,
  ) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#path = join(folder, 'simulated-cluster.json');
  }

  /** Fills the simulation with the saved world; `null` when there is none. */
  load(): WorldExtras | null {
    if (!existsSync(this.#path)) return null;
    const saved = this.#read();
    const objects = saved.objects.map((object) => ({ resource: typeOf(object), object }));
    this.simulation.store.load(objects, saved.resourceVersion);
    this.simulation.faults.load(saved.faults);
    return { token: saved.token, scenario: saved.scenario };
  }

  /** Saves soon; several changes share one write. */
  markDirty(): void {
    this.#isDirty = true;
    this.#timer ??= setTimeout(() => this.flush(), SAVE_DELAY_MS);
    this.#timer.unref();
  }

  /** Saves now what is not saved yet. */
  flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (!this.#isDirty) return;
    this.#isDirty = false;
    this.#write(this.#worldText());
  }

  #read(): SavedWorld {
    try {
      const saved = JSON.parse(readFileSync(this.#path, 'utf8')) as SavedWorld;
      if (saved.format === FORMAT) return saved;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
    throw new Error(
      `The saved world '${this.#path}' is not one of this version. Delete the file to start with a new world.`,
    );
  }

  #worldText(): string {
    const { store, faults } = this.simulation;
    const head = { format: FORMAT, ...this.extras(), resourceVersion: store.resourceVersion, faults: faults.faults };
    const objects = Array.from(store.all(), ({ object }) => objectText(object));
    return `${JSON.stringify(head).slice(0, -1)},"objects":[\n${objects.join(',\n')}\n]}\n`;
  }

  #write(text: string): void {
    const partial = `${this.#path}.partial`;
    const file = openSync(partial, 'w', 0o600);
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(partial, this.#path);
  }
}
