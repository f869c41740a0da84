import { ApiFailure } from './api-failure.js';
import { annotateCurrentSet, findCurrentSet, newReplicaSet, REVISION, revisionOf } from './deployment-revision.js';
import { deploymentStatus, isComplete } from './deployment-status.js';
import type { EventRecorder } from './event-recorder.js';
import { controllerOf } from './kube-object.js';
import type { ObjectCreation } from './object-creation.js';
import type { ObjectStore } from './object-store.js';
import { deployments, pods, replicaSets } from './resource-type.js';
import { planRollingUpdate, resolveLimits } from './rolling-update.js';
import type { SimulationClock } from './simulation-clock.js';
import { WorkQueue } from './work-queue.js';
import { asController } from './write-options.js';
import type { Deployment, ReplicaSet } from './workload-objects.js';

const COMPONENT = 'deployment-controller';

/** Rolls Deployments out: one ReplicaSet for each template, revisions, surge and availability, status. */
export class DeploymentController {
  readonly #queue: WorkQueue;
  readonly #progressAt = new Map<string, number>();
  readonly #deadlines = new Map<string, () => void>();

  constructor(
    private readonly store: ObjectStore,
    private readonly creation: ObjectCreation,
    private readonly events: EventRecorder,
    private readonly clock: SimulationClock,
  ) {
    this.#queue = new WorkQueue(clock, (key) => this.#reconcile(key));
    store.onChange(({ type, resource, object }) => {
      const { namespace, name } = object.metadata;
      if (resource === deployments && type !== 'DELETED') this.#queue.add(`${namespace}/${name}`);
      const owner = resource === replicaSets ? controllerOf(object) : undefined;
      if (owner?.kind === 'Deployment') this.#queue.add(`${namespace}/${owner.name}`);
    });
  }

  resume(): void {
    for (const { metadata } of this.store.list(deployments)) this.#queue.add(`${metadata.namespace}/${metadata.name}`);
  }

  #reconcile(key: string): void {
    const [namespace, name = ''] = key.split('/');
    const deployment = this.store.get(deployments, { namespace, name }) as Deployment | undefined;
    if (!deployment || deployment.metadata.deletionTimestamp !== undefined) return;
    const before = this.#setsOf(deployment);
    const existing = findCurrentSet(deployment, before);
    const isPaused = deployment.spec.paused === true;
    const current = isPaused
      ? existing
      : (this.#annotate(deployment, existing, before) ?? this.#create(deployment, before));
    const sets = this.#setsOf(deployment);
    if (current) this.#rollOut(deployment, current, sets);
    this.#report(deployment, current?.metadata.uid, existing === undefined && current !== undefined);
  }

  #setsOf({ metadata }: Deployment): ReplicaSet[] {
    const sets = this.store.dependentsOf(metadata.uid, replicaSets).map(({ object }) => object as ReplicaSet);
    return sets.sort((left, right) => revisionOf(left) - revisionOf(right));
  }

  #annotate(deployment: Deployment, set: ReplicaSet | undefined, sets: readonly ReplicaSet[]): ReplicaSet | undefined {
    if (!set) return undefined;
    const others = sets.filter((other) => other !== set);
    return this.store.change(replicaSets, set.metadata, (draft) => {
      annotateCurrentSet(draft as ReplicaSet, deployment, others);
    }) as ReplicaSet | undefined;
  }

  #create(deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined {
    try {
      const manifest = newReplicaSet(deployment) as ReplicaSet;
      annotateCurrentSet(manifest, deployment, sets);
      return this.creation.create(replicaSets, deployment.metadata.namespace, manifest, asController) as ReplicaSet;
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      const message = `Failed to create new replica set: ${error.message}`;
      this.events.record(deployment, {
        type: 'Warning',
        reason: 'ReplicaSetCreateError',
        message,
        component: COMPONENT,
      });
      return undefined;
    }
  }

  #rollOut(deployment: Deployment, current: ReplicaSet, sets: readonly ReplicaSet[]): void {
    const { spec } = deployment;
    const old = sets.filter(({ metadata }) => metadata.uid !== current.metadata.uid);
    this.store.change(deployments, deployment.metadata, (draft) => {
      draft.metadata.annotations = { ...draft.metadata.annotations, [REVISION]: String(revisionOf(current)) };
    });
    for (const [name, replicas] of this.#plan(deployment, current, old)) this.#resize(deployment, name, replicas);
    if (!isComplete(deployment, deployment.status)) return;
    const kept = spec.revisionHistoryLimit ?? 10;
    const idle = old.filter((set) => set.spec.replicas === 0 && (set.status.replicas ?? 0) === 0);
    for (const set of idle.slice(0, Math.max(0, idle.length - kept))) this.store.remove(replicaSets, set.metadata);
  }

  #plan(deployment: Deployment, current: ReplicaSet, old: readonly ReplicaSet[]): ReadonlyMap<string, number> {
    const { replicas: desired, strategy } = deployment.spec;
    const count = (set: ReplicaSet): { name: string; replicas: number; available: number } => ({
      name: set.metadata.name,
      replicas: set.spec.replicas,
      available: set.status.availableReplicas ?? 0,
    });
    if (strategy?.type !== 'Recreate') {
      return planRollingUpdate({ desired, ...strategy?.rollingUpdate, current: count(current), old: old.map(count) });
    }
    const remaining = old.filter((set) => set.spec.replicas > 0);
    if (remaining.length > 0) return new Map(remaining.map((set) => [set.metadata.name, 0]));
    const isEmptied = old.every((set) => this.store.dependentsOf(set.metadata.uid, pods).length === 0);
    return new Map(isEmptied && current.spec.replicas !== desired ? [[current.metadata.name, desired]] : []);
  }

  #resize(deployment: Deployment, name: string, replicas: number): void {
    const { namespace } = deployment.metadata;
    const set = this.store.get(replicaSets, { namespace, name }) as ReplicaSet | undefined;
    if (!set || set.spec.replicas === replicas) return;
    const from = set.spec.replicas;
    const desired = deployment.spec.replicas;
    const { maxSurge } = resolveLimits({ desired, ...deployment.spec.strategy?.rollingUpdate });
    this.store.change(replicaSets, { namespace, name }, (draft) => {
      (draft as ReplicaSet).spec.replicas = replicas;
      draft.metadata.generation = (draft.metadata.generation ?? 0) + 1;
      const sizes = { 'desired-replicas': desired, 'max-replicas': desired + maxSurge };
      for (const [key, size] of Object.entries(sizes)) {
        draft.metadata.annotations = {
          ...draft.metadata.annotations,
          [`deployment.kubernetes.io/${key}`]: String(size),
        };
      }
    });
    const message = `Scaled ${replicas > from ? 'up' : 'down'} replica set ${name} from ${from} to ${replicas}`;
    this.events.record(deployment, { type: 'Normal', reason: 'ScalingReplicaSet', message, component: COMPONENT });
  }

  #report({ metadata }: Deployment, currentUid: string | undefined, isNewSet: boolean): void {
    const deployment = this.store.get(deployments, metadata) as Deployment | undefined;
    if (!deployment) return;
    const sets = this.#setsOf(deployment);
    const current = sets.find((set) => set.metadata.uid === currentUid);
    const nowMs = this.clock.now();
    const stalledMs = this.clock.elapsedSince(this.#progressSince(deployment));
    const { status, isProgress } = deploymentStatus({ deployment, current, sets, isNewSet, stalledMs, nowMs });
    if (isProgress) this.#progressAt.set(metadata.uid, nowMs);
    this.store.change(deployments, metadata, (draft) => {
      draft.status = status;
    });
    this.#watchDeadline(deployment, isComplete(deployment, status));
  }

  #progressSince({ metadata, status }: Deployment): number {
    const known = this.#progressAt.get(metadata.uid);
    if (known !== undefined) return known;
    const saved = status.conditions?.find(({ type }) => type === 'Progressing')?.lastUpdateTime;
    const since = saved === undefined ? this.clock.now() : Date.parse(saved);
    this.#progressAt.set(metadata.uid, since);
    return since;
  }

  #watchDeadline(deployment: Deployment, isDone: boolean): void {
    const { uid, namespace, name } = deployment.metadata;
    this.#deadlines.get(uid)?.();
    this.#deadlines.delete(uid);
    if (isDone) return;
    const deadlineMs = (deployment.spec.progressDeadlineSeconds ?? 600) * 1000;
    const leftMs = deadlineMs - this.clock.elapsedSince(this.#progressSince(deployment));
    if (leftMs > 0)
      this.#deadlines.set(
        uid,
        this.clock.after(leftMs + 50, () => this.#queue.add(`${namespace}/${name}`)),
      );
  }
}
