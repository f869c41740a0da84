/** Why the app asks for each bot scope; the one list that the manifest and the guide are made of. */
export const BOT_SCOPES: Readonly<Record<string, string>> = {
  'channels:history': 'reads messages of public channels it is in: mentions, and answers in its own threads',
  'chat:write': 'posts and edits its messages',
  commands: 'adds /dogwatch and /k8s',
  'groups:history': 'the same as channels:history, in private channels it is in',
  'im:history': 'reads what people write to it directly',
  'im:write': 'opens a direct message to a person, to answer a command given elsewhere and to escalate',
};

/** Events that the app listens to. Mentions come as messages too, so `app_mention` is not needed. */
export const BOT_EVENTS: readonly string[] = ['message.channels', 'message.groups', 'message.im'];

/** The scope of the app-level token that Socket Mode needs. */
export const APP_TOKEN_SCOPE = 'connections:write';

/** Commands that the app adds to Slack. */
export const SLASH_COMMANDS: readonly {
  readonly command: string;
  readonly description: string;
  readonly hint: string;
}[] = [
  {
    command: '/dogwatch',
    description: 'Commands and approvals of Dogwatch',
    hint: 'status | incident list | approve <id> | help',
  },
  { command: '/k8s', description: 'Look at the cluster', hint: 'pods | logs <pod> | deployments | nodes' },
];

/** Where the HTTP server takes what Slack sends. */
export const WEBHOOK_PATH = '/api/webhook/slack';

/** How the manifest is wanted. */
export interface SlackManifestOptions {
  /** The public address of Dogwatch, for the HTTP mode: `https://dogwatch.example.org`; absent: Socket Mode. */
  readonly publicUrl?: string;
  readonly name?: string;
}

/** The app manifest that api.slack.com/apps → Create New App → From a manifest takes, as JSON or YAML. */
export function slackManifest(options: SlackManifestOptions = {}): Readonly<Record<string, unknown>> {
  const { publicUrl, name = 'Dogwatch' } = options;
  const url = publicUrl === undefined ? undefined : `${publicUrl.replace(/\/+$/, '')}${WEBHOOK_PATH}`;
  const at = (key: string): Readonly<Record<string, string>> => (url === undefined ? {} : { [key]: url });
  return {
    display_information: { name, description: 'Watches Kubernetes, explains trouble, fixes it after a human said yes' },
    features: {
      app_home: { home_tab_enabled: false, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: name.toLowerCase(), always_online: true },
      slash_commands: SLASH_COMMANDS.map(({ command, description, hint }) => ({
        command,
        ...at('url'),
        description,
        usage_hint: hint,
        should_escape: true,
      })),
    },
    oauth_config: { scopes: { bot: Object.keys(BOT_SCOPES) } },
    settings: {
      event_subscriptions: { ...at('request_url'), bot_events: BOT_EVENTS },
      interactivity: { is_enabled: true, ...at('request_url') },
      org_deploy_enabled: false,
      socket_mode_enabled: url === undefined,
      token_rotation_enabled: false,
    },
  };
}
