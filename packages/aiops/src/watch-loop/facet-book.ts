import type { ClusterView, Detector, ResourceReference } from '@dogwatch/core';
import { FacetTracker } from './facet-tracker.js';
import { ownerKeyOf } from './resolve-owner.js';

/** The facets of one cluster that are found, raised or not yet forgotten; looked up by owner and by object. */
export class FacetBook {
  private readonly facets = new Map<string, FacetTracker>();
  private readonly byOwner = new Map<string, Set<FacetTracker>>();
  private readonly bySubject = new Map<string, Set<FacetTracker>>();

  constructor(private readonly view: ClusterView) {}

  get size(): number {
    return this.facets.size;
  }

  all(): readonly FacetTracker[] {
    return [...this.facets.values()];
  }

  ofOwner(namespace: string | null, owner: ResourceReference): Iterable<FacetTracker> {
    return this.byOwner.get(ownerKeyOf(this.view.name, namespace, owner)) ?? [];
  }

  ofSubject(uid: string): readonly FacetTracker[] {
    return [...(this.bySubject.get(uid) ?? [])];
  }

  find(detector: Detector, namespace: string | null, owner: ResourceReference): FacetTracker | null {
    return this.facets.get(facetKey(ownerKeyOf(this.view.name, namespace, owner), detector)) ?? null;
  }

  open(detector: Detector, namespace: string | null, owner: ResourceReference): FacetTracker {
    const ownerKey = ownerKeyOf(this.view.name, namespace, owner);
    const key = facetKey(ownerKey, detector);
    let facet = this.facets.get(key);
    if (!facet) {
      facet = new FacetTracker(detector, ownerKey, namespace, owner);
      this.facets.set(key, facet);
      addTo(this.byOwner, ownerKey, facet);
    }
    return facet;
  }

  /** Remembers that an object counts for a facet. */
  link(subjectUid: string, facet: FacetTracker): void {
    addTo(this.bySubject, subjectUid, facet);
  }

  /** An object no longer counts for a facet. */
  unlink(subjectUid: string, facet: FacetTracker): void {
    facet.forget(subjectUid);
    removeFrom(this.bySubject, subjectUid, facet);
  }

  drop(facet: FacetTracker): void {
    for (const uid of [...facet.subjectUids]) this.unlink(uid, facet);
    this.facets.delete(facetKey(facet.ownerKey, facet.detector));
    removeFrom(this.byOwner, facet.ownerKey, facet);
  }
}

function facetKey(ownerKey: string, detector: Detector): string {
  return `${ownerKey}#${detector.eventType}`;
}

function addTo(index: Map<string, Set<FacetTracker>>, key: string, facet: FacetTracker): void {
  const set = index.get(key);
  if (set) set.add(facet);
  else index.set(key, new Set([facet]));
}

function removeFrom(index: Map<string, Set<FacetTracker>>, key: string, facet: FacetTracker): void {
  const set = index.get(key);
  set?.delete(facet);
  if (set?.size === 0) index.delete(key);
}
