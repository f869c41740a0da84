import { setTimeout as sleep } from 'node:timers/promises';
import type { SimulatedClusterProcess } from '@dogwatch/testkit';
import type { ChaosPlan } from './chaos-plan.js';
import type { ReplicaSet } from './replica-set.js';
import type { SeededRandom } from './seeded-random.js';

/** A server that can be made to go away. */
export interface FragileServer {
  stop(): Promise<void>;
  kill9(): Promise<void>;
  restart(): Promise<void>;
}

/** What is disturbed. */
export interface ChaosTargets {
  readonly replicas: ReplicaSet;
  readonly cluster: SimulatedClusterProcess;
  readonly database: FragileServer;
  readonly redis: FragileServer | null;
}

/** Disturbs everything for a while, and puts it right at the end. */
export class ChaosMonkey {
  readonly done: Record<string, number> = {};
  private readonly over = new AbortController();
  private readonly killChoice: SeededRandom;
  private readonly freezeChoice: SeededRandom;

  constructor(
    private readonly plan: ChaosPlan,
    private readonly targets: ChaosTargets,
    random: SeededRandom,
  ) {
    this.killChoice = random.fork('kill');
    this.freezeChoice = random.fork('freeze');
  }

  /** Resolves when the time is over and everything stands again. */
  async disturb(): Promise<void> {
    const timer = setTimeout(() => this.over.abort(), this.plan.disturbMs);
    try {
      await Promise.all([
        this.killReplicas(),
        this.freezeReplicas(),
        this.breakDatabase(),
        this.breakRedis(),
        this.cutOffCluster(),
      ]);
    } finally {
      clearTimeout(timer);
      await this.putRight();
    }
  }

  private async killReplicas(): Promise<void> {
    const { replicas } = this.targets;
    while (await this.pause(this.plan.killEveryMs)) {
      const index = this.killChoice.below(replicas.size);
      await replicas.kill(index);
      this.note('replica killed -9');
      await this.pause(500);
      replicas.restart(index);
    }
  }

  // Longer than a lease lives: whoever wakes finds that somebody else has gone on.
  private async freezeReplicas(): Promise<void> {
    const { replicas } = this.targets;
    while (await this.pause(this.plan.disturbMs / 5)) {
      const frozen = replicas.process(this.freezeChoice.below(replicas.size));
      frozen.freeze();
      this.note('replica frozen');
      await this.pause(this.plan.frozenMs);
      frozen.thaw();
    }
  }

  private async breakDatabase(): Promise<void> {
    const { database } = this.targets;
    for (let isHard = false; await this.pause(this.plan.disturbMs / 4); isHard = !isHard) {
      if (isHard) await database.kill9();
      else await database.stop();
      this.note(isHard ? 'PostgreSQL killed -9' : 'PostgreSQL restarted');
      await this.pause(this.plan.databaseAwayMs);
      await database.restart();
    }
  }

  private async breakRedis(): Promise<void> {
    const { redis } = this.targets;
    if (redis === null) return;
    while (await this.pause(this.plan.disturbMs / 5)) {
      await redis.kill9();
      this.note('Redis killed -9');
      await this.pause(1_500);
      await redis.restart();
    }
  }

  private async cutOffCluster(): Promise<void> {
    const { cluster } = this.targets;
    while (await this.pause(this.plan.disturbMs / 6)) {
      await cluster.dropWatches();
      this.note('watches dropped');
      if (!(await this.pause(this.plan.disturbMs / 8))) break;
      await cluster.refuse('close');
      this.note('API server cut off');
      await this.pause(2_000);
      await cluster.resume();
    }
  }

  private async putRight(): Promise<void> {
    const { replicas, cluster, database, redis } = this.targets;
    await database.restart();
    await redis?.restart();
    await cluster.resume();
    for (let index = 0; index < replicas.size; index++) {
      replicas.restart(index);
      await replicas.isUp(index);
    }
  }

  /** False when the time is over. */
  private async pause(ms: number): Promise<boolean> {
    await sleep(ms, undefined, { signal: this.over.signal }).catch(() => undefined);
    return !this.over.signal.aborted;
  }

  private note(what: string): void {
    this.done[what] = (this.done[what] ?? 0) + 1;
  }
}
