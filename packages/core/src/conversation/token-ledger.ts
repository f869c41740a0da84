import type { Clock } from '../ports/clock.js';
import type { IncidentLog, StreamAppend } from '../ports/incident-log.js';
import type { Logger } from '../ports/logger.js';
import { addTokens, tokensUsedEvent, tokenUsageFold, tokenUsageStream } from './token-usage.js';
import type { DayUsage, TokensUsed } from './token-usage.js';

/** Keeps in the log what models cost, so that all replicas count together and no restart forgets it. */
export class TokenLedger {
  private stream = '';
  private version = 0;
  private stored: DayUsage = tokenUsageFold.initial;
  private unsaved: readonly TokensUsed[] = [];
  private reading: Promise<void> = Promise.resolve();

  constructor(
    private readonly log: IncidentLog,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** What was used today, by everybody. Rejects when the log does not answer. */
  async today(): Promise<DayUsage> {
    // Two readers at once would add the same events twice.
    const read = this.reading.then(() => this.readOn());
    this.reading = read.catch(() => undefined);
    await read;
    return this.unsaved
      .filter(({ at }) => tokenUsageStream(at) === this.stream)
      .reduce((usage, { person, tokens }) => addTokens(usage, person, tokens), this.stored);
  }

  /** Keeps what was used. What the log cannot take now counts all the same, and is kept with the next. */
  async record(used: TokensUsed): Promise<void> {
    const saving = [...this.unsaved, used];
    this.unsaved = saving;
    try {
      await this.log.append({ appends: appendsOf(saving) });
      this.unsaved = this.unsaved.filter((one) => !saving.includes(one));
    } catch (error) {
      this.logger.warn('llm.tokens-not-saved', 'What a language model cost could not be kept yet', { error });
    }
  }

  private async readOn(): Promise<void> {
    const stream = tokenUsageStream(this.clock.now());
    if (stream !== this.stream) {
      this.stream = stream;
      this.version = 0;
      this.stored = tokenUsageFold.initial;
    }
    for (const event of await this.log.readStream(stream, { fromVersion: this.version + 1 })) {
      this.stored = tokenUsageFold.apply(this.stored, event);
      this.version = event.version;
    }
  }
}

function appendsOf(saving: readonly TokensUsed[]): readonly StreamAppend[] {
  const streams = [...new Set(saving.map(({ at }) => tokenUsageStream(at)))];
  return streams.map((stream) => {
    const events = saving.filter(({ at }) => tokenUsageStream(at) === stream).map(tokensUsedEvent);
    return { stream, expectedVersion: 'any', events };
  });
}
