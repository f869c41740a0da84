/** What the Bot API adds to some refusals. */
export interface FailureParameters {
  readonly retry_after?: number;
  readonly migrate_to_chat_id?: number;
}

/** A refusal as the Bot API words it. */
export class TelegramFailure extends Error {
  constructor(
    readonly errorCode: number,
    readonly description: string,
    readonly parameters: FailureParameters | null = null,
  ) {
    super(description);
  }
}

/** A request that the Bot API does not understand. */
export function badRequest(description: string, parameters: FailureParameters | null = null): TelegramFailure {
  return new TelegramFailure(400, `Bad Request: ${description}`, parameters);
}
