import { createHmac } from 'node:crypto';

/** What a request to an app is signed with. */
export interface SlackSignature {
  readonly secret: string;
  /** Seconds since the epoch. */
  readonly timestamp: number;
  readonly body: string;
}

/** Makes the headers by which an app knows that a request is Slack's; https://docs.slack.dev/authentication/verifying-requests-from-slack. */
export function signSlackRequest({ secret, timestamp, body }: SlackSignature): Readonly<Record<string, string>> {
  const digest = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  return { 'x-slack-request-timestamp': String(timestamp), 'x-slack-signature': `v0=${digest}` };
}
