import type { ClusterObject, ClusterView } from '@dogwatch/core';
import type { FacetEnding } from './facet-outcome.js';
import type { FacetTracker } from './facet-tracker.js';
import { getObject, type Scope } from './scope.js';

const withoutObjectsMs = 60_000;

/** The owner's object, when its kind is watched; `undefined` where nobody can know. */
export function ownerObject(view: ClusterView, facet: FacetTracker): ClusterObject | null | undefined {
  const kind = view.kinds.find((one) => one === facet.owner.kind);
  if (!kind) return undefined;
  const object = getObject(view, kind, facet.namespace, facet.owner.name);
  if (object) return object;
  return view.isComplete(kind) ? null : undefined;
}

/** The objects that a facet is about, whatever their scope, without those that are being deleted. */
export function subjectsOf(view: ClusterView, facet: FacetTracker): readonly ClusterObject[] {
  const { owner, namespace, detector } = facet;
  return candidatesOf(view, facet).filter((object) => {
    if (object.deletedAt !== null) return false;
    if (detector.kind === 'Pod' || object.uid === owner.uid) return true;
    return object.namespace === namespace && view.ownerOf(object).uid === owner.uid;
  });
}

function candidatesOf(view: ClusterView, { owner, namespace, detector }: FacetTracker): readonly ClusterObject[] {
  if (detector.kind === 'Pod') return owner.uid === null ? [] : [...view.podsOf(owner.uid)];
  if (detector.kind === owner.kind) {
    const object = getObject(view, detector.kind, namespace, owner.name);
    return object ? [object] : [];
  }
  return [...view.list(detector.kind, namespace === null ? {} : { namespace })];
}

/** Why a facet ends without its objects getting well, or `null`: the owner is gone, scaled to 0, ignored, or has no objects. */
export function endingOf(view: ClusterView, facet: FacetTracker, scope: Scope): FacetEnding | null {
  const { owner, detector } = facet;
  const object = ownerObject(view, facet);
  if (object === null) return at(0, `${owner.kind} '${owner.name}' no longer exists.`);
  if (object?.kind === 'Deployment' && object.desired === 0) {
    return at(0, `Deployment '${owner.name}' is scaled to 0.`);
  }
  const subjects = subjectsOf(view, facet);
  if (subjects.length === 0) {
    const kind = detector.kind === 'Pod' ? 'pods' : `${detector.kind}s`;
    return at(withoutObjectsMs, `${owner.kind} '${owner.name}' has had no ${kind} for ${withoutObjectsMs / 1000} s.`);
  }
  const outs = subjects.map((subject) => scope.whyOut(view, subject));
  const [firstOut] = outs;
  return firstOut !== undefined && firstOut !== null && outs.every((out) => out !== null) ? at(0, firstOut) : null;
}

function at(afterMs: number, reason: string): FacetEnding {
  return { afterMs, reason };
}
