import type { ActiveFacet, Detector, Finding, ResourceReference } from '@dogwatch/core';
import { clearingHoldMs, FLAP_WINDOW_MS } from './clearing-hold.js';
import type { FacetOutcome, FacetSurroundings, SubjectLook } from './facet-outcome.js';
import { HoldTimer } from './hold-timer.js';
import { isNewerOccurrence, SpokenOccurrence } from './spoken-occurrence.js';

interface SubjectState {
  finding: Finding | null;
  isWell: boolean;
  /** Kept after the finding is gone: the same occurrence must not raise the facet again after it was cleared. */
  occurrence: string | null;
}

/**
 * One kind of problem on one owner, and its times: when it is raised, what is said while it lasts, when it is cleared.
 * It has no clock and reads no view: `observe` says how each object of the owner is, `settle` decides.
 */
export class FacetTracker {
  private readonly subjects = new Map<string, SubjectState>();
  /** Occurrences that were known when the facet was last cleared, by subject. */
  private spent = new Map<string, string>();
  private readonly found = new HoldTimer();
  private spoken: SpokenOccurrence | null = null;
  private wellSince: number | null = null;
  private endingSince: number | null = null;
  private breakSince: number | null = null;
  private clearedAt: number | null = null;
  private returns = 0;
  private dueAt: number | null = null;

  constructor(
    readonly detector: Detector,
    readonly ownerKey: string,
    readonly namespace: string | null,
    private currentOwner: ResourceReference,
  ) {}

  get owner(): ResourceReference {
    return this.currentOwner;
  }

  /** The last occurrence told, while the facet is raised. */
  get raisedOccurrence(): string | null {
    return this.spoken?.occurrence ?? null;
  }

  get isRaised(): boolean {
    return this.spoken !== null;
  }

  /** When `settle` must be called again at the latest, if nothing changes before. */
  get nextDueAt(): number | null {
    return this.dueAt;
  }

  get subjectUids(): Iterable<string> {
    return this.subjects.keys();
  }

  /** Takes over a facet that was raised before this process began. */
  adopt(facet: ActiveFacet): void {
    this.spoken = SpokenOccurrence.adopted(facet);
  }

  /** Learns how one object of the owner is. */
  observe(subjectUid: string, { owner, finding, isWell }: SubjectLook): void {
    this.currentOwner = owner;
    const occurrence = finding?.occurrence ?? this.subjects.get(subjectUid)?.occurrence ?? null;
    this.subjects.set(subjectUid, { finding, isWell, occurrence });
  }

  /** An object that no longer counts: gone, terminating, out of scope, or another owner's. */
  forget(subjectUid: string): void {
    this.subjects.delete(subjectUid);
  }

  has(subjectUid: string): boolean {
    return this.subjects.has(subjectUid);
  }

  /** A restart between two looks: being well starts anew. */
  interruptWellness(): void {
    this.wellSince = null;
  }

  /** Whether nothing is left to remember. */
  isForgettable(now: number): boolean {
    if (this.isRaised || this.found.isRunning) return false;
    if (this.clearedAt !== null && now - this.clearedAt < FLAP_WINDOW_MS) return false;
    for (const subject of this.subjects.values()) if (subject.finding) return false;
    return true;
  }

  /** Decides what is to be told now. */
  settle(around: FacetSurroundings): FacetOutcome | null {
    this.dueAt = null;
    return this.spoken ? this.settleRaised(this.spoken, around) : this.settleUnraised(around);
  }

  private settleRaised(spoken: SpokenOccurrence, around: FacetSurroundings): FacetOutcome | null {
    const reason = this.clearingReason(around);
    if (reason !== null) {
      this.clear(around.now);
      return { kind: 'cleared', reason };
    }
    const speaker = this.speaker();
    if (!speaker) return null;
    const isNewOccurrence = spoken.isNew(speaker);
    if (!isNewOccurrence && !spoken.hasNewMessage(speaker)) return null;
    return this.say(speaker, isNewOccurrence);
  }

  private clearingReason({ now, isComplete, ending }: FacetSurroundings): string | null {
    const isEnding = isComplete && ending !== null;
    this.endingSince = isEnding ? (this.endingSince ?? now) : null;
    this.wellSince = isComplete && !isEnding && this.isWell() ? (this.wellSince ?? now) : null;
    if (isEnding && this.endingSince !== null) {
      return this.isDue(this.endingSince + ending.afterMs, now) ? ending.reason : null;
    }
    if (this.wellSince === null) return null;
    const holdMs = clearingHoldMs(this.detector.clearMs, this.returns);
    if (!this.isDue(this.wellSince + holdMs, now)) return null;
    return holdMs === 0 ? 'All is well again.' : `All has been well for ${Math.round(holdMs / 1000)} s.`;
  }

  private settleUnraised(around: FacetSurroundings): FacetOutcome | null {
    const fresh = this.freshFindings();
    if (fresh.length === 0) {
      this.settleBreak(around);
      return null;
    }
    this.breakSince = null;
    const shortest = Math.min(...fresh.map((finding) => finding.forMs ?? this.detector.forMs));
    const dueAt = this.found.hold(shortest, around.now);
    // What is held over time must be true now, and an incomplete list may be of yesterday.
    if (!around.isComplete && shortest > 0) return null;
    if (!this.isDue(dueAt, around.now)) return null;
    return this.raise(around.now);
  }

  private settleBreak({ now, isSteady, isComplete }: FacetSurroundings): void {
    if (!this.found.isRunning) return;
    if (isSteady) {
      this.breakSince ??= now;
      if (!isComplete || !this.isDue(this.breakSince + this.detector.clearMs, now)) return;
    }
    this.breakSince = null;
    this.found.reset();
  }

  private raise(now: number): FacetOutcome | null {
    const speaker = this.speaker();
    if (!speaker) return null;
    const isReturn = this.clearedAt !== null && now - this.clearedAt <= FLAP_WINDOW_MS;
    this.returns = isReturn ? this.returns + 1 : 0;
    this.found.reset();
    this.wellSince = null;
    this.endingSince = null;
    return this.say(speaker, true);
  }

  private say(finding: Finding, isNewOccurrence: boolean): FacetOutcome {
    const occurredAt = Math.max(finding.occurredAt, this.clearedAt === null ? 0 : this.clearedAt + 1);
    const isRaising = this.spoken === null;
    this.spoken = isNewOccurrence ? SpokenOccurrence.of(finding) : this.spoken;
    this.spoken?.addMessage(finding.message);
    let affected = 0;
    for (const subject of this.subjects.values()) if (subject.finding) affected += 1;
    return { kind: 'observed', finding, occurredAt, affected, isNewOccurrence, isRaising };
  }

  private clear(now: number): void {
    this.spent = new Map();
    for (const [uid, { occurrence }] of this.subjects) if (occurrence !== null) this.spent.set(uid, occurrence);
    this.spoken = null;
    this.wellSince = null;
    this.endingSince = null;
    this.clearedAt = now;
    this.found.reset();
  }

  private isWell(): boolean {
    if (this.subjects.size === 0) return false;
    for (const subject of this.subjects.values()) if (!subject.isWell) return false;
    return true;
  }

  private freshFindings(): readonly Finding[] {
    const fresh: Finding[] = [];
    for (const [uid, { finding }] of this.subjects) {
      if (finding && this.spent.get(uid) !== finding.occurrence) fresh.push(finding);
    }
    return fresh;
  }

  /** The newest occurrence speaks for all. */
  private speaker(): Finding | null {
    let newest: Finding | null = null;
    for (const finding of this.freshFindings()) {
      if (newest === null || isNewerOccurrence(finding, newest)) newest = finding;
    }
    return newest;
  }

  private isDue(at: number, now: number): boolean {
    if (now >= at) return true;
    this.dueAt = Math.min(this.dueAt ?? at, at);
    return false;
  }
}
