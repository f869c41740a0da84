import { canonicalText, hashText } from './generated-name.js';
import { ownerReferenceTo } from './kube-object.js';
import type { Deployment, PodTemplate, ReplicaSet } from './workload-objects.js';

/** The annotation that numbers the revisions of a Deployment. */
export const REVISION = 'deployment.kubernetes.io/revision';
/** The label that tells the pods of one ReplicaSet from those of another. */
export const TEMPLATE_HASH = 'pod-template-hash';

const REVISION_HISTORY = 'deployment.kubernetes.io/revision-history';
const NOT_COPIED = new Set(['kubectl.kubernetes.io/last-applied-configuration', REVISION, REVISION_HISTORY]);

/** The text by which templates are compared; the hash label that the controller adds does not count. */
function templateText(template: PodTemplate): string {
  const { [TEMPLATE_HASH]: _hash, ...labels } = template.metadata?.labels ?? {};
  return canonicalText({ ...template, metadata: { ...template.metadata, labels } });
}

/** Hashes a Deployment's template into its `pod-template-hash`. */
export function templateHash(template: PodTemplate): string {
  return hashText(templateText(template));
}

/** Finds the ReplicaSet that already runs the Deployment's template. */
export function findCurrentSet(deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined {
  const wanted = templateText(deployment.spec.template);
  return sets.find((set) => templateText(set.spec.template) === wanted);
}

/** The revision that a ReplicaSet carries; 0 when it has none. */
export function revisionOf(set: ReplicaSet): number {
  return Number(set.metadata.annotations?.[REVISION] ?? 0);
}

/** Makes the manifest of the ReplicaSet for the Deployment's present template. */
export function newReplicaSet(deployment: Deployment): object {
  const { name } = deployment.metadata;
  const template = structuredClone(deployment.spec.template);
  const hash = templateHash(template);
  template.metadata = { ...template.metadata, labels: { ...template.metadata?.labels, [TEMPLATE_HASH]: hash } };
  return {
    metadata: {
      name: `${name}-${hash}`,
      labels: template.metadata.labels,
      ownerReferences: [ownerReferenceTo(deployment)],
    },
    spec: {
      replicas: 0,
      ...(deployment.spec.minReadySeconds === undefined ? {} : { minReadySeconds: deployment.spec.minReadySeconds }),
      selector: { matchLabels: { ...deployment.spec.selector.matchLabels, [TEMPLATE_HASH]: hash } },
      template,
    },
  };
}

/** Writes the Deployment's annotations and the newest revision onto its current ReplicaSet's draft. */
export function annotateCurrentSet(draft: ReplicaSet, deployment: Deployment, others: readonly ReplicaSet[]): void {
  const annotations = (draft.metadata.annotations ??= {});
  for (const [key, value] of Object.entries(deployment.metadata.annotations ?? {})) {
    if (!NOT_COPIED.has(key)) annotations[key] = value;
  }
  const newest = Math.max(0, ...others.map(revisionOf));
  const own = revisionOf(draft);
  if (own > newest) return;
  if (own > 0) {
    const history = annotations[REVISION_HISTORY];
    annotations[REVISION_HISTORY] = history === undefined ? String(own) : `${history},${own}`;
  }
  annotations[REVISION] = String(newest + 1);
}
