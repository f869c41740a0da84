import type { ActiveFacet, Finding } from '@dogwatch/core';

// Enough for a state that changes while the cause becomes known, too few for one that alternates for ever.
const maxMessages = 5;

/** Orders occurrences by time, then by name: times are whole seconds, and the same state must always say the same. */
export function isNewerOccurrence(
  one: Pick<Finding, 'occurrence' | 'occurredAt'>,
  other: Pick<Finding, 'occurrence' | 'occurredAt'>,
): boolean {
  if (one.occurredAt !== other.occurredAt) return one.occurredAt > other.occurredAt;
  return one.occurrence > other.occurrence;
}

/** The occurrence that a raised facet last told, and in which words. */
export class SpokenOccurrence {
  private readonly messages = new Set<string>();

  private constructor(
    readonly occurrence: string,
    readonly occurredAt: number,
    private readonly isAdopted: boolean,
  ) {}

  static of(finding: Finding): SpokenOccurrence {
    return new SpokenOccurrence(finding.occurrence, finding.occurredAt, false);
  }

  /** What an earlier process told: in which words is not known, so they are taken as told. */
  static adopted(facet: ActiveFacet): SpokenOccurrence {
    const occurredAt = Date.parse(facet.occurredAt);
    return new SpokenOccurrence(facet.occurrence, Number.isNaN(occurredAt) ? 0 : occurredAt, true);
  }

  /** Whether the finding is another occurrence, and none of those that came before. */
  isNew(finding: Finding): boolean {
    return finding.occurrence !== this.occurrence && isNewerOccurrence(finding, this);
  }

  hasNewMessage(finding: Finding): boolean {
    if (finding.occurrence !== this.occurrence || this.messages.has(finding.message)) return false;
    if (this.isAdopted && this.messages.size === 0) {
      this.messages.add(finding.message);
      return false;
    }
    return this.messages.size < maxMessages;
  }

  addMessage(message: string): void {
    this.messages.add(message);
  }
}
