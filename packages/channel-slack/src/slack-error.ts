import { AppError } from '@dogwatch/core';
import { webApi } from '@slack/bolt';

// https://docs.slack.dev/reference/methods/auth.test#errors
const tokenErrors = [
  'account_inactive',
  'invalid_auth',
  'missing_scope',
  'no_permission',
  'not_allowed_token_type',
  'not_authed',
  'token_expired',
  'token_revoked',
];

const passingErrors = [
  'fatal_error',
  'internal_error',
  'ratelimited',
  'request_timeout',
  'service_unavailable',
  'team_added_to_org',
];

const remedies: Readonly<Record<string, string>> = {
  channel_not_found: "Check the id in 'slack.rooms', and invite the bot to private channels: /invite @dogwatch.",
  is_archived: "Unarchive the channel, or take it out of 'slack.rooms'.",
  not_in_channel: 'Invite the bot to the channel: /invite @dogwatch.',
};

interface SlackFailure {
  readonly code?: string;
  readonly message: string;
  readonly retryAfter?: number;
  readonly statusCode?: number;
  readonly data?: { readonly error?: string; readonly response_metadata?: { readonly messages?: readonly string[] } };
}

function refusal(method: string, word: string, failure: SlackFailure): AppError {
  if (tokenErrors.includes(word)) {
    return new AppError(
      'DW_SLACK_TOKEN',
      `Slack refuses the token for '${method}': '${word}'. Copy the tokens anew from api.slack.com/apps → your app, after installing it with the scopes of the manifest.`,
      { cause: failure },
    );
  }
  const details = (failure.data?.response_metadata?.messages ?? []).map((message) => ({ path: method, message }));
  const remedy = remedies[word] ?? `See docs.slack.dev/reference/methods/${method}.`;
  return new AppError('DW_SLACK_REFUSED', `Slack refuses '${method}': '${word}'. ${remedy}`, {
    details: [{ path: 'error', message: word }, ...details],
    isRetryable: passingErrors.includes(word),
    cause: failure,
  });
}

/** Turns what the Slack SDK throws into an `AppError` that says whether to try again, and when. */
export function translateSlackError(error: unknown, method: string): AppError {
  const failure = (error instanceof Error ? error : new Error(String(error))) as SlackFailure;
  const { ErrorCode } = webApi;
  if (failure.code === ErrorCode.RateLimitedError) {
    const retryAfterMs = (failure.retryAfter ?? 1) * 1_000;
    return new AppError('DW_SLACK_RATE_LIMITED', `Slack takes no more '${method}' for ${retryAfterMs / 1_000} s.`, {
      isRetryable: true,
      retryAfterMs,
      cause: error,
    });
  }
  const word = failure.data?.error;
  if (failure.code === ErrorCode.PlatformError && word !== undefined) return refusal(method, word, failure);
  return new AppError(
    'DW_SLACK_UNAVAILABLE',
    `Slack did not answer '${method}': ${failure.message}. It is tried again.`,
    {
      isRetryable: true,
      cause: error,
    },
  );
}

/** Slack's own word for a refusal, or `null`. */
export function refusalWord(error: AppError): string | null {
  if (error.code !== 'DW_SLACK_REFUSED') return null;
  return error.details.find((detail) => detail.path === 'error')?.message ?? null;
}
