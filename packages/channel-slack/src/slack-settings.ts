import { definePort } from '@dogwatch/core';
import type { Secret } from '@dogwatch/core';

/** How Slack reaches this app: by a WebSocket that the app opens, or by HTTP requests that Slack signs. */
export type SlackMode =
  { readonly kind: 'socket'; readonly appToken: Secret } | { readonly kind: 'http'; readonly signingSecret: Secret };

/** Validated settings of the Slack channel. */
export interface SlackSettings {
  readonly botToken: Secret;
  readonly mode: SlackMode;
  /** Ids of the conversations where unasked messages go. */
  readonly rooms: readonly string[];
  /** Ids of further conversations where Dogwatch answers. */
  readonly answerIn: readonly string[];
  /** With a slash at its end. */
  readonly apiUrl: string;
}
export const SlackSettings = definePort<SlackSettings>('channel-slack.SlackSettings');
