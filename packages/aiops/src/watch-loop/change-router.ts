import { isDeepStrictEqual } from 'node:util';
import type {
  ClusterObject,
  ClusterView,
  Clock,
  DeploymentObject,
  Detector,
  EventObject,
  ReplicaSetObject,
} from '@dogwatch/core';
import type { FacetBook } from './facet-book.js';
import type { FacetTracker } from './facet-tracker.js';
import type { RestartHistory } from './restart-history.js';
import { getObject } from './scope.js';
import type { SubjectExaminer } from './subject-examiner.js';

/** What a change router works with. */
export interface ChangeRouterOptions {
  readonly view: ClusterView;
  readonly clock: Clock;
  readonly detectors: readonly Detector[];
  readonly book: FacetBook;
  readonly restarts: RestartHistory;
  readonly examiner: SubjectExaminer;
}

/** Knows which objects and facets a change concerns: the object, what it controls, what owns it, what an event is about. */
export class ChangeRouter {
  constructor(private readonly options: ChangeRouterOptions) {}

  /** An object is gone; answers the facets that this concerns. */
  deleted(object: ClusterObject): ReadonlySet<FacetTracker> {
    const { book, restarts } = this.options;
    const touched = new Set<FacetTracker>();
    if (object.kind === 'Pod') restarts.forget(object.uid);
    for (const facet of book.ofSubject(object.uid)) {
      book.unlink(object.uid, facet);
      touched.add(facet);
    }
    this.touchOwned(object, touched);
    return touched;
  }

  /** An object is new or different; answers the facets that this concerns. */
  changed(object: ClusterObject, before: ClusterObject | null): ReadonlySet<FacetTracker> {
    const { book, restarts, clock, examiner, detectors } = this.options;
    const touched = new Set<FacetTracker>();
    if (object.kind === 'Pod' && restarts.observe(object, clock.now())) {
      for (const facet of book.ofSubject(object.uid)) facet.interruptWellness();
    }
    examiner.examineWith(detectors, object, touched);
    if (object.kind === 'Event') this.examineInvolved(object, touched);
    if (object.kind === 'ReplicaSet' || object.kind === 'Deployment') this.examinePods(object, before, touched);
    if (object.kind === 'ReplicaSet' || object.kind === 'Pod') this.examineOwner(object, touched);
    this.touchOwned(object, touched);
    return touched;
  }

  private touchOwned(owner: ClusterObject, touched: Set<FacetTracker>): void {
    for (const facet of this.options.book.ofOwner(owner.namespace, owner)) touched.add(facet);
  }

  /** Detectors of the owner's kind that read this kind as well. */
  private examineOwner(object: ClusterObject, touched: Set<FacetTracker>): void {
    const { view, detectors, examiner } = this.options;
    const readers = detectors.filter((one) => one.kind !== object.kind && one.alsoReads.includes(object.kind));
    if (readers.length === 0) return;
    const owner = view.ownerOf(object);
    const kind = view.kinds.find((one) => one === owner.kind);
    const ownedBy = kind ? getObject(view, kind, object.namespace, owner.name) : null;
    if (ownedBy) examiner.examineWith(readers, ownedBy, touched);
  }

  /** A ReplicaSet that is seen at last, or a Deployment that is ignored from now on, changes what its pods mean. */
  private examinePods(
    object: ReplicaSetObject | DeploymentObject,
    before: ClusterObject | null,
    touched: Set<FacetTracker>,
  ): void {
    if (before && !changesPods(object, before)) return;
    const { view, detectors, examiner } = this.options;
    const pods = object.kind === 'ReplicaSet' ? view.controlledBy('Pod', object.uid) : view.podsOf(object.uid);
    for (const pod of pods) examiner.examineWith(detectors, pod, touched);
  }

  private examineInvolved(event: EventObject, touched: Set<FacetTracker>): void {
    const { view, detectors, book, examiner } = this.options;
    const kind = view.kinds.find((one) => one === event.involved.kind);
    const object = kind ? getObject(view, kind, event.involved.namespace, event.involved.name) : null;
    if (!object) return;
    const known = new Set(book.ofSubject(object.uid).map((facet) => facet.detector));
    const readers = detectors.filter((one) => one.alsoReads.includes('Event') || known.has(one));
    examiner.examineWith(readers, object, touched);
  }
}

function changesPods(object: ClusterObject, before: ClusterObject): boolean {
  if (
    object.kind === 'Deployment' &&
    before.kind === 'Deployment' &&
    (object.desired === 0) !== (before.desired === 0)
  ) {
    return true;
  }
  return (
    object.controller?.uid !== before.controller?.uid ||
    !isDeepStrictEqual(object.labels, before.labels) ||
    !isDeepStrictEqual(object.annotations, before.annotations)
  );
}
