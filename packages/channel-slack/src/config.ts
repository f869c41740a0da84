import { Secret, defineConfigSection } from '@dogwatch/core';
import type { SchemaOutput } from '@dogwatch/core';
import { z } from 'zod';
import type { SlackMode, SlackSettings } from './slack-settings.js';

function token(prefix: string, where: string) {
  return z
    .string()
    .startsWith(prefix, {
      error: `must begin with '${prefix}'. Slack shows it at api.slack.com/apps → your app → ${where}`,
    })
    .transform((text) => new Secret(text))
    .nullable()
    .default(null);
}

const conversationId = /^[CGDUW][A-Z0-9]{2,}$/;

/** A list of ids, also as text with commas, as a variable gives it. */
const conversations = z
  .union([z.array(z.string()), z.string().transform((text) => text.split(/[\s,]+/).filter((id) => id !== ''))])
  .default([])
  .superRefine((ids, context) => {
    const wrong = ids.find((id) => !conversationId.test(id));
    if (wrong === undefined) return;
    context.addIssue({
      code: 'custom',
      message: `has '${wrong}', which is no id such as 'C0123456789'. In Slack, open the details of the conversation: its id is at the bottom`,
    });
  });

const schema = z
  .strictObject({
    /** Bot User OAuth Token. */
    botToken: token('xoxb-', 'OAuth & Permissions → Bot User OAuth Token'),
    /** What Slack signs its HTTP requests with. */
    signingSecret: z
      .string()
      .min(8, { error: 'must be the Signing Secret that api.slack.com/apps → your app → Basic Information shows' })
      .transform((text) => new Secret(text))
      .nullable()
      .default(null),
    /** App-level token for Socket Mode. */
    appToken: token('xapp-', 'Basic Information → App-Level Tokens, with the scope connections:write'),
    rooms: conversations,
    answerIn: conversations,
    apiUrl: z.url().default('https://slack.com/api/'),
  })
  .prefault({})
  .transform((given, context): SlackSettings | null => {
    const { botToken, signingSecret, appToken, rooms, answerIn, apiUrl } = given;
    const fail = (path: string, message: string): null => {
      context.addIssue({ code: 'custom', path: [path], message });
      return null;
    };
    const mode: SlackMode | null =
      appToken !== null
        ? { kind: 'socket', appToken }
        : signingSecret !== null
          ? { kind: 'http', signingSecret }
          : null;
    if (botToken === null && mode === null && rooms.length + answerIn.length === 0) return null;
    if (botToken === null) return fail('botToken', 'is missing: the other settings of Slack need it');
    if (mode === null) {
      return fail(
        'botToken',
        'is not enough: set SLACK_APP_TOKEN for Socket Mode (no public address needed), or SLACK_SIGNING_SECRET to take HTTP requests from Slack',
      );
    }
    return { botToken, mode, rooms, answerIn, apiUrl: apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/` };
  });

/** Section `slack`: the Slack app that Dogwatch speaks through; without tokens there is none. */
export const slackConfig = defineConfigSection({
  name: 'slack',
  schema,
  env: { SLACK_ROOMS: 'rooms', SLACK_API_URL: 'apiUrl' },
  secrets: { SLACK_BOT_TOKEN: 'botToken', SLACK_SIGNING_SECRET: 'signingSecret', SLACK_APP_TOKEN: 'appToken' },
});

/** Settings of the Slack channel; `null` = not used. */
export type SlackConfig = SchemaOutput<typeof slackConfig>;
