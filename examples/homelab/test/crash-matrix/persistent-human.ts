import { isRunEnded } from '@dogwatch/core';
import type { ApprovalSummary } from '@dogwatch/core';
import { until } from '../homelab-process.js';
import type { HomelabProcess, IncidentDetail } from '../homelab-process.js';

/** Whom a human looks after. */
export interface PersistentHumanOptions {
  /** The processes of one app; the first one has the API. */
  readonly processes: readonly HomelabProcess[];
  readonly restart: (index: number) => HomelabProcess;
  /** Whether the end of the run is not enough. */
  readonly staysUntilResolved: boolean;
}

/** A human who restarts whatever process is gone, and approves whatever waits, until all is over. */
export class PersistentHuman {
  readonly accepted: ApprovalSummary[] = [];
  hasSeenCrash = false;
  private readonly processes: HomelabProcess[];

  constructor(private readonly options: PersistentHumanOptions) {
    this.processes = [...options.processes];
  }

  async seeItThrough(): Promise<void> {
    // Several scenarios share few cores: whoever asks all the time takes them.
    const options = { pauseMs: 400 };
    await until('the run has ended and the incident is resolved', () => this.persist(() => this.lookOnce()), options);
  }

  /** All incidents with their stories, also when a process dies just now. */
  details(): Promise<readonly IncidentDetail[]> {
    return until('the incidents are read', () => this.persist(() => this.readAll()));
  }

  async killAll(): Promise<void> {
    await Promise.all(this.processes.map((one) => one.kill()));
  }

  private get api(): HomelabProcess {
    return this.processes[0] as HomelabProcess;
  }

  /** `null` when a process died meanwhile. */
  private async persist<T>(act: () => Promise<T>): Promise<T | null> {
    this.restartDead();
    try {
      await Promise.all(this.processes.map((one) => one.ready()));
      return await act();
    } catch (error) {
      // Whoever asks while the process dies gets no answer, and asks again.
      if (this.processes.some((one) => one.hasEnded) || error instanceof TypeError) return null;
      throw error;
    }
  }

  private async readAll(): Promise<readonly IncidentDetail[]> {
    const incidents = await this.api.incidents('all');
    return Promise.all(incidents.map((incident) => this.api.incident(incident.id)));
  }

  private restartDead(): void {
    for (const [index, one] of this.processes.entries()) {
      if (!one.hasEnded) continue;
      // An end that nobody planned would be restarted for ever.
      if (!one.wasKilled) throw new Error(`Process ${index} ended by itself: ${one.stderr}`);
      this.hasSeenCrash = true;
      this.processes[index] = this.options.restart(index);
    }
  }

  private async lookOnce(): Promise<boolean> {
    for (const approval of await this.api.approvals()) {
      const answer = await this.api.decide(approval, 'approve');
      if (answer.status === 200) this.accepted.push(answer.body);
    }
    const incidents = await this.readAll();
    const runs = incidents.flatMap((incident) => incident.runs);
    const isOver = runs.length > 0 && runs.every((run) => isRunEnded(run.status));
    return isOver && (!this.options.staysUntilResolved || incidents.every(({ status }) => status === 'resolved'));
  }
}
