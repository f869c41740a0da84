import type { ClusterObject, ClusterView, Clock, DetectionContext, Detector, ResourceReference } from '@dogwatch/core';
import type { DetectorCoverages } from './detector-coverage.js';
import type { DetectorRunner } from './detector-runner.js';
import type { FacetBook } from './facet-book.js';
import { subjectsOf } from './facet-ending.js';
import type { FacetTracker } from './facet-tracker.js';
import { resolveOwner } from './resolve-owner.js';
import type { RestartHistory } from './restart-history.js';
import { getObject, type Scope } from './scope.js';

/** What a subject examiner works with. */
export interface SubjectExaminerOptions {
  readonly view: ClusterView;
  readonly scope: Scope;
  readonly clock: Clock;
  readonly runner: DetectorRunner;
  readonly coverages: DetectorCoverages;
  readonly book: FacetBook;
  readonly restarts: RestartHistory;
}

/** Lets a detector look at an object and notes in the facets of its owner what it says. */
export class SubjectExaminer {
  constructor(private readonly options: SubjectExaminerOptions) {}

  /** Examines an object with every detector of its kind that can work. */
  examineWith(detectors: readonly Detector[], object: ClusterObject, touched: Set<FacetTracker>): void {
    for (const detector of detectors) {
      if (detector.kind === object.kind && this.options.coverages.canEvaluate(detector)) {
        this.examine(detector, object, touched);
      }
    }
  }

  /** Looks at all objects of a facet again, with the time of now. */
  refresh(facet: FacetTracker, touched: Set<FacetTracker>): void {
    const { view, book, coverages } = this.options;
    if (!coverages.canEvaluate(facet.detector)) return;
    const subjects = subjectsOf(view, facet);
    const uids = new Set(subjects.map((subject) => subject.uid));
    for (const uid of [...facet.subjectUids]) if (!uids.has(uid)) book.unlink(uid, facet);
    for (const subject of subjects) this.examine(facet.detector, subject, touched);
  }

  private examine(detector: Detector, object: ClusterObject, touched: Set<FacetTracker>): void {
    const { view, runner, book } = this.options;
    const owner = resolveOwner(view, object);
    const facet = owner ? book.find(detector, object.namespace, owner) : null;
    const isCounted = owner !== null && this.isCounted(object, owner);
    for (const other of book.ofSubject(object.uid)) {
      if (other.detector !== detector || (other === facet && isCounted)) continue;
      book.unlink(object.uid, other);
      touched.add(other);
    }
    if (!isCounted) return;
    const context = this.contextFor(facet);
    const finding = runner.detect(detector, object, context);
    if (!facet && !finding) return;
    const target = facet ?? book.open(detector, object.namespace, owner);
    target.observe(object.uid, { owner, finding, isWell: runner.isWell(detector, object, context) });
    book.link(object.uid, target);
    touched.add(target);
  }

  /** Whether an object can have a problem at all: it stays, it is in scope, and its owner exists and wants it. */
  private isCounted(object: ClusterObject, owner: ResourceReference): boolean {
    const { view, scope } = this.options;
    if (object.deletedAt !== null || scope.whyOut(view, object) !== null) return false;
    const kind = view.kinds.find((one) => one === owner.kind);
    if (!kind || owner.uid === object.uid) return true;
    const ownedBy = getObject(view, kind, object.namespace, owner.name);
    if (ownedBy?.uid !== owner.uid) return !view.isComplete(kind);
    return !(ownedBy.kind === 'Deployment' && ownedBy.desired === 0);
  }

  private contextFor(facet: FacetTracker | null): DetectionContext {
    const { view, clock, restarts } = this.options;
    const now = clock.now();
    return {
      view,
      now,
      restartsOf: (podUid, container) => restarts.restartsOf(podUid, container, now),
      raisedOccurrence: facet?.raisedOccurrence ?? null,
    };
  }
}
