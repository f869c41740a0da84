import { inspect } from 'node:util';

const redacted = '[redacted]';

/** A text that nobody sees by accident: it prints as `[redacted]` in logs, JSON, templates and the inspector. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** Answers the text itself, for the one call that needs it. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return redacted;
  }

  toJSON(): string {
    return redacted;
  }

  [inspect.custom](): string {
    return redacted;
  }
}
