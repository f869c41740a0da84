import { ApiFailure } from './api-failure.js';
import type { EventRecorder } from './event-recorder.js';
import { ownerReferenceTo, type KubeObject } from './kube-object.js';
import type { ObjectCreation } from './object-creation.js';
import type { ObjectDeletion } from './object-deletion.js';
import { pods } from './resource-type.js';
import { asController } from './write-options.js';
import { isPodReady, type Pod, type PodTemplate } from './workload-objects.js';

/** How a workload wants its next pod. */
export interface PodRequest {
  readonly template: PodTemplate;
  readonly name?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly nodeName?: string | undefined;
}

/** Creates and deletes pods for the workload controllers and reports both as Events. */
export class PodFactory {
  constructor(
    private readonly creation: ObjectCreation,
    private readonly deletion: ObjectDeletion,
    private readonly events: EventRecorder,
  ) {}

  /** Creates one pod; answers with the refusal's text when the API server refuses it. */
  create(owner: KubeObject, component: string, request: PodRequest): string | null {
    const { template, name, nodeName } = request;
    const metadata = {
      ...(name === undefined ? { generateName: `${owner.metadata.name}-` } : { name }),
      labels: { ...template.metadata?.labels, ...request.labels },
      ...(template.metadata?.annotations === undefined ? {} : { annotations: template.metadata.annotations }),
      ownerReferences: [ownerReferenceTo(owner)],
    };
    const spec = { ...structuredClone(template.spec), ...(nodeName === undefined ? {} : { nodeName }) };
    try {
      const pod = this.creation.create(pods, owner.metadata.namespace, { metadata, spec }, asController);
      const message = `Created pod: ${pod.metadata.name}`;
      this.events.record(owner, { type: 'Normal', reason: 'SuccessfulCreate', message, component });
      return null;
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      const message = `Error creating: ${error.message}`;
      this.events.record(owner, { type: 'Warning', reason: 'FailedCreate', message, component });
      return error.message;
    }
  }

  delete(owner: KubeObject, component: string, pod: Pod): void {
    this.deletion.delete(pods, pod.metadata);
    const message = `Deleted pod: ${pod.metadata.name}`;
    this.events.record(owner, { type: 'Normal', reason: 'SuccessfulDelete', message, component });
  }
}

/** Orders pods by how little is lost when they go: unscheduled, pending, not ready, youngest first. */
export function sortForDeletion(list: readonly Pod[]): Pod[] {
  const rank = (pod: Pod): number =>
    (pod.spec.nodeName === undefined ? 0 : 4) + (pod.status.phase === 'Pending' ? 0 : 2) + (isPodReady(pod) ? 1 : 0);
  return [...list].sort(
    (left, right) =>
      rank(left) - rank(right) || right.metadata.creationTimestamp.localeCompare(left.metadata.creationTimestamp),
  );
}
