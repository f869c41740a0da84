import type { ClusterClient } from '../client/cluster-client.js';
import { apiPath } from '../client/api-path.js';
import { REVISION_ANNOTATION } from './raw-object.js';
import type { RawList, RawWorkload } from './raw-object.js';
import { templateIdentity } from './template-identity.js';

/** A revision of a Deployment. */
export interface Revision {
  readonly revision: number;
  readonly replicaSet: RawWorkload;
}

/** The revisions of a Deployment, newest first. */
export async function readRevisions(
  client: ClusterClient,
  deployment: RawWorkload,
  signal: AbortSignal,
): Promise<readonly Revision[]> {
  const { namespace, name, uid } = deployment.metadata;
  const { items } = await client.json<RawList<RawWorkload>>(
    {
      action: `list the ReplicaSets of Deployment ${namespace}/${name}`,
      path: apiPath({ kind: 'ReplicaSet', namespace: namespace ?? null }),
    },
    signal,
  );
  return items
    .filter((set) => set.metadata.ownerReferences?.some((owner) => owner.controller === true && owner.uid === uid))
    .map((replicaSet) => ({
      revision: Number(replicaSet.metadata.annotations?.[REVISION_ANNOTATION] ?? Number.NaN),
      replicaSet,
    }))
    .filter(({ revision }) => Number.isInteger(revision))
    .sort((a, b) => b.revision - a.revision);
}

/** The newest revision whose template really differs from what the Deployment asks for now; `null` if there is none. */
export function previousRevision(deployment: RawWorkload, revisions: readonly Revision[]): Revision | null {
  const now = templateIdentity(deployment.spec.template);
  return revisions.find(({ replicaSet }) => templateIdentity(replicaSet.spec.template) !== now) ?? null;
}
