import type { Finding, ResourceReference } from '@dogwatch/core';

/** What a facet wants to be told, decided by its tracker. */
export type FacetOutcome =
  | {
      readonly kind: 'observed';
      readonly finding: Finding;
      /** Never before the clearing that it follows, whatever the clock of the node says. */
      readonly occurredAt: number;
      /** How many objects of the owner have the problem now. */
      readonly affected: number;
      /** False when only the message of an occurrence changed. */
      readonly isNewOccurrence: boolean;
      /** True when the facet was not raised before. */
      readonly isRaising: boolean;
    }
  | { readonly kind: 'cleared'; readonly reason: string };

/** Why a facet ends although nobody saw its object get well, and after what time. */
export interface FacetEnding {
  readonly reason: string;
  readonly afterMs: number;
}

/** How one object of the owner is. */
export interface SubjectLook {
  readonly owner: ResourceReference;
  readonly finding: Finding | null;
  readonly isWell: boolean;
}

/** What a tracker must know about the world around its facet. */
export interface FacetSurroundings {
  readonly now: number;
  /** Every list that the detector needs is full: absence means absence, and what is well is well now. */
  readonly isComplete: boolean;
  /** A facet that makes this one steady is raised on the same owner. */
  readonly isSteady: boolean;
  readonly ending: FacetEnding | null;
}
