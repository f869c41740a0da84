import type { Detector, ProblemObserved } from '@dogwatch/core';

/** What ranks a problem among others and names it in a title. */
export interface ProblemDescription {
  readonly rank: number | null;
  readonly phrase: string;
}

/** Knows the ranks and titles of problems: those of the detectors, and what sources say in `facts.title`. */
export class ProblemCatalog {
  private readonly detectors: ReadonlyMap<string, Detector>;

  constructor(detectors: readonly Detector[]) {
    this.detectors = new Map(detectors.map((detector) => [detector.eventType, detector]));
  }

  describe(event: ProblemObserved): ProblemDescription {
    const detector = this.detectors.get(event.eventType);
    const title = event.facts['title'];
    const phrase = typeof title === 'string' ? title : detector?.title;
    return { rank: detector?.rank ?? null, phrase: phrase ?? `has ${event.eventType.replaceAll('_', ' ')}` };
  }

  /** Every event type that some detector reports. */
  eventTypes(): readonly string[] {
    return [...this.detectors.keys()];
  }
}
