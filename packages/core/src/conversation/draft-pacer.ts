import { plainMessage } from '../domain/outgoing-message.js';
import type { DraftReply } from '../domain/draft-reply.js';
import type { Clock } from '../ports/clock.js';

const unfinished = ' …';
// One message in every channel; the whole answer is told in the end.
const maxShownLength = 3_000;

/** Shows a growing answer in a draft, at a bounded rate and never two edits at once. */
export class DraftPacer {
  private shownAt = -Infinity;
  private showing: Promise<void> | null = null;

  constructor(
    private readonly draft: DraftReply | undefined,
    private readonly clock: Clock,
    private readonly everyMs: number,
  ) {}

  /** Shows the text as far as it is, unless something was shown just before; does not wait for the channel. */
  offer(text: string): void {
    if (this.draft === undefined || this.showing !== null || text.trim() === '') return;
    if (this.clock.now() - this.shownAt < this.everyMs) return;
    this.shownAt = this.clock.now();
    this.showing = this.draft.show(plainMessage(`${beginningOf(text)}${unfinished}`)).finally(() => {
      this.showing = null;
    });
  }

  /** Resolves when no edit is under way, so that the answer is the last one. */
  async settled(): Promise<void> {
    await this.showing;
  }
}

function beginningOf(text: string): string {
  // Half of a character at the cut is none.
  return text.slice(0, maxShownLength).replace(/[\ud800-\udbff]$/, '');
}
