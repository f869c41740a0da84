import type { JsonObject, JsonValue, ReadContext, ReadTool } from '@dogwatch/core';

/** A reading tool that answers what it is told to. */
export class FakeReadTool implements ReadTool {
  readonly effect = 'read';
  readonly description = 'Answers what a test wants it to answer.';
  readonly inputSchema: JsonObject = {
    type: 'object',
    additionalProperties: false,
    properties: { name: { type: 'string' } },
  };
  /** How often it was asked. */
  calls = 0;

  constructor(
    readonly name: string,
    private readonly answer: (input: JsonObject) => JsonValue | Promise<JsonValue>,
  ) {}

  async execute(input: JsonObject, { signal }: ReadContext): Promise<JsonValue> {
    signal.throwIfAborted();
    this.calls += 1;
    return this.answer(input);
  }
}
