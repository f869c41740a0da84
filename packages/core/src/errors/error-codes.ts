/** What the registry says about one error code. */
export interface ErrorCodeEntry {
  /** What happened, in a few words. */
  readonly title: string;
  /** What a human does about it. */
  readonly remedy: string;
  /** The HTTP status of an answer that carries this code; 500 when absent. */
  readonly status?: number;
}

const entry = (title: string, remedy: string, status?: number): ErrorCodeEntry =>
  status === undefined ? { title, remedy } : { title, remedy, status };

/** The registry of error codes, sorted by code; docs/errors.md has a line for each (`node build/update-error-docs.js`), and a test keeps both equal. */
export const errorCodes = {
  DW_ALERT_UNAUTHENTICATED: entry(
    'An alert came without the secret of the webhook',
    'Set ALERTMANAGER_WEBHOOK_SECRET, and the same secret in the http_config of the receiver.',
    401,
  ),
  DW_APPROVAL_CONFIRM_NEEDED: entry(
    'An approval of high risk lacks the exact name of its target, or one of any risk was given another name',
    "Repeat the decision with 'confirm' set to the name of the target.",
    422,
  ),
  DW_APPROVAL_EXPIRED: entry(
    'An approval expired before it was decided',
    'Ask again; the plan is then made anew.',
    410,
  ),
  DW_APPROVAL_NOT_ALLOWED: entry('Somebody who may not decide tried to', 'Ask one of the approvers.', 403),
  DW_APPROVAL_SETTLED: entry('An approval was decided already', 'Nothing; the answer says who decided, and when.', 409),
  DW_APPROVAL_STORE_UNAVAILABLE: entry(
    'The hot copies of approvals do not answer',
    'Check that their store runs and can be reached; decisions go on without.',
    503,
  ),
  DW_APPROVAL_SUPERSEDED: entry(
    'An approval no longer fits the world',
    'Look for the new request, or see why the run ended.',
    410,
  ),
  DW_APPROVAL_UNKNOWN: entry('No approval has this id', 'See `/approval list`.', 404),
  DW_APPROVERS_INVALID: entry(
    'The settings about approvers do not do what they say: people or roles that there are not, or two people who may be one',
    'Make `approvals.approverRules`, `users` and the channels agree; the message says what is missing.',
  ),
  DW_APP_DEADLINE_MISSED: entry(
    'A service did not finish a step in time',
    'See what it waits for, or give createApp a longer deadline.',
  ),
  DW_APP_SERVICE_FAILED: entry('A service failed to start, open, close or stop', 'See the cause in the message.'),
  DW_APP_STARTED_TWICE: entry('An app was started a second time', 'Make a new app with createApp.'),
  DW_APP_STOPPED: entry('The app was told to stop', 'Nothing; start it again when you want it to run.'),
  DW_BOOT_CLASS_CYCLE: entry('Classes need each other to be built', 'Give one of them what it needs later, by a call.'),
  DW_BOOT_CONSTRUCT_FAILED: entry('A constructor threw', 'Fix the constructor; it should only keep what it is given.'),
  DW_BOOT_CONTRIBUTED_TWICE: entry('A class is contributed twice to one extension point', 'Contribute it once.'),
  DW_BOOT_FAILED: entry(
    'The boot found several problems',
    'Fix each of the listed problems; every one has its own code.',
  ),
  DW_BOOT_IMPLEMENTATION_INVALID: entry(
    'A plugin registers something undefined',
    'Break the import cycle, or register a class or value.',
  ),
  DW_BOOT_INJECT_MISSING: entry(
    'A constructor parameter lacks @inject',
    'Add @inject or @injectEach to every parameter.',
  ),
  DW_BOOT_PLUGIN_CYCLE: entry('Plugins require each other', 'Move one of the ports to a plugin of its own.'),
  DW_BOOT_PLUGIN_DUPLICATE: entry('A plugin is installed twice', 'List it once in createApp.'),
  DW_BOOT_PORT_BOUND_TWICE: entry('A port is bound twice', 'Bind it once, in one plugin.'),
  DW_BOOT_PORT_ID_INVALID: entry('A port id is malformed', "Write it as 'package-name.PortName'."),
  DW_BOOT_PORT_MISSING: entry('A port has no provider', 'Add a plugin that provides it to createApp.'),
  DW_BOOT_PORT_NOT_BOUND: entry('A plugin provides a port without binding it', 'Call bind in its register.'),
  DW_BOOT_PORT_NOT_OWNED: entry(
    'A plugin binds the port of another one',
    'List the port in provides and replaces, or do not bind it.',
  ),
  DW_BOOT_PORT_PROVIDED_TWICE: entry(
    'Two plugins provide the same port',
    'Remove one, or let one list the port in replaces.',
  ),
  DW_BOOT_PORT_UNBOUND: entry(
    'A class injects a port that nothing binds',
    'Add a plugin that provides it to createApp.',
  ),
  DW_BOOT_PORT_UNDECLARED: entry(
    'A class injects a port that its plugin does not declare',
    'Add the port to requires of the plugin.',
  ),
  DW_BOOT_REGISTER_ASYNC: entry(
    "A plugin's register is asynchronous",
    'Make it synchronous; do input and output in a HostedService.',
  ),
  DW_BOOT_REGISTER_FAILED: entry("A plugin's register threw", 'See the cause in the message.'),
  DW_BOOT_REGISTER_LATE: entry(
    'A plugin registers after its register returned',
    'Call bind and contribute within register.',
  ),
  DW_BOOT_REGISTRATION_INCOMPLETE: entry(
    'A plugin calls bind or contribute without saying what',
    'Add toClass, toValue, class or value to the call.',
  ),
  DW_BOOT_REPLACES_NOT_PROVIDED: entry(
    'A plugin replaces a port without providing it',
    'List the port in provides as well.',
  ),
  DW_BOOT_START_FAILED: entry('A service did not start, so the app stopped', 'See the cause in the message.'),
  DW_BOOT_TOKEN_INVALID: entry(
    'Something that is no port was injected',
    'Inject a port made by definePort; break import cycles.',
  ),
  DW_CHANNEL_BUTTON: entry('A pressed button is not there any more', 'See the newest state of the approval.', 409),
  DW_CHANNEL_CLOSED: entry('A channel takes no messages now', 'Try again in a moment.', 503),
  DW_CHANNEL_DESTINATION: entry(
    'A message is sent to a room of another channel',
    'Send it through the channel that the room belongs to.',
  ),
  DW_CHANNEL_REPLAYED: entry(
    'The very same delivery of a message was taken before',
    'Do nothing about the message, it was worked on once; find out who could read the request, if it was not the channel that sent it twice.',
    401,
  ),
  DW_CHANNEL_SESSION: entry('Only a person can write there', 'Log in at the console, or use POST /api/messages.', 403),
  DW_CHAT_WORD_UNKNOWN: entry('A chat command does not know a word', 'Use one of the forms that the message lists.'),
  DW_CONFIG_INVALID: entry('The configuration has mistakes', 'Fix each of the listed places.'),
  DW_CONFIG_SECTION_INVALID: entry('A section of the configuration is declared wrongly', 'List every variable once.'),
  DW_CONFIG_UNREADABLE: entry('A configuration or secret file cannot be read', 'Check its path and permissions.'),
  DW_CONVERSATION_INVALID: entry('The conversation store refuses what it was given', 'Correct the caller.'),
  DW_ESCALATION_INVALID: entry(
    'Approvals that nobody decides are to be asked in a place that is not there, or of somebody whom no channel reaches',
    'Do as the message says: correct `approvals.escalation`, or the settings of the channel or person that it names.',
  ),
  DW_HTTP_BODY_TOO_LARGE: entry('A request body is too large', 'Send less at once.', 413),
  DW_HTTP_INTERNAL: entry('Something went wrong inside Dogwatch', 'See its log.'),
  DW_HTTP_INVALID: entry('A request is not as expected', 'Fix every path that the details name.', 422),
  DW_HTTP_JSON: entry('A request body is not JSON', 'Send valid JSON in UTF-8.', 400),
  DW_HTTP_LISTEN: entry(
    'The HTTP server cannot listen',
    'Set DOGWATCH_PORT and DOGWATCH_HOST to what is free on this machine.',
  ),
  DW_HTTP_METHOD: entry('A path does not take the method', 'See docs/openapi.yaml.', 405),
  DW_HTTP_NOT_FOUND: entry('There is nothing at an address', 'See docs/openapi.yaml.', 404),
  DW_HTTP_ORIGIN: entry(
    'A write with the console cookie came from elsewhere',
    'Use the console itself, or the bearer token.',
    403,
  ),
  DW_HTTP_RATE_LIMITED: entry(
    'One address sends too many requests',
    'Wait as long as Retry-After says, or raise RATE_LIMIT_PER_MINUTE.',
    429,
  ),
  DW_HTTP_ROUTE_TWICE: entry('Two plugins answer the same route', 'Remove one of them from createApp.'),
  DW_HTTP_TOKEN_FILE: entry(
    'The file of the access token cannot be used',
    'Mend or remove the file, or set DOGWATCH_TOKEN.',
  ),
  DW_HTTP_UNAUTHENTICATED: entry(
    'A request is not authenticated',
    'Send the bearer token, or log in at the console.',
    401,
  ),
  DW_HTTP_WEBHOOK_BUSY: entry(
    'One address sends more to the webhooks than they take in a minute',
    'Nothing: it is sent again after Retry-After. Raise WEBHOOK_RATE_LIMIT_PER_MINUTE, or DOGWATCH_TRUSTED_PROXIES behind a proxy.',
    503,
  ),
  DW_INCIDENT_AMBIGUOUS: entry('Several incidents begin with the same characters', 'Type one more character.', 422),
  DW_INCIDENT_INTAKE_CLOSED: entry('An event came while Dogwatch stops', 'Send it again when Dogwatch runs.', 503),
  DW_INCIDENT_RESOLVED: entry('An incident is over already', 'Nothing; a new occurrence opens it again.', 409),
  DW_INCIDENT_UNKNOWN: entry('No incident has this id', 'See `/incident list`.', 404),
  DW_JOB_INVALID: entry('A job is malformed', 'Report it: the caller has a bug.'),
  DW_JOB_QUEUE_UNAVAILABLE: entry('The queue of jobs does not answer', 'Check that it runs and can be reached.', 503),
  DW_JOB_WORKER_TWICE: entry('Two workers take jobs of one kind', 'Give each a kind of its own.'),
  DW_JSON_INVALID: entry(
    'A value is not plain JSON',
    'Use strings, finite numbers, booleans, null, arrays and plain objects only.',
  ),
  DW_KUBERNETES_BUSY: entry(
    'The API server cannot serve the request now',
    'Try again later; look at the API server.',
    503,
  ),
  DW_KUBERNETES_CLUSTER_UNKNOWN: entry('No cluster has that name', 'Use one of the names that the message lists.', 422),
  DW_KUBERNETES_CONFIG_INVALID: entry(
    'The connection to a cluster is not configured well',
    'Check DOGWATCH_CLUSTER, DOGWATCH_KUBECONFIG and DOGWATCH_CONTEXT against the message.',
  ),
  DW_KUBERNETES_CONFLICT: entry('The object changed or exists already', 'Read it again, then decide again.', 409),
  DW_KUBERNETES_FORBIDDEN: entry(
    'The account of Dogwatch lacks a right',
    'Give it the right that the message names.',
    502,
  ),
  DW_KUBERNETES_GONE: entry('The asked state of the cluster is too old', 'List again.', 502),
  DW_KUBERNETES_INVALID: entry(
    'The API server refuses the request as invalid',
    'See the message for what it refuses.',
    422,
  ),
  DW_KUBERNETES_KIND_UNKNOWN: entry('Dogwatch does not know that kind of object', 'Use one of the kinds listed.', 422),
  DW_KUBERNETES_METRICS_ABSENT: entry(
    'The cluster does not measure what its pods and nodes use',
    'Install metrics-server.',
    502,
  ),
  DW_KUBERNETES_NOT_FOUND: entry('The object does not exist', 'Check cluster, namespace, kind and name.', 404),
  DW_KUBERNETES_REFUSED: entry(
    'A tool will not do what makes no sense',
    'Read the message; choose another revision or mend the object first.',
    422,
  ),
  DW_KUBERNETES_UNAUTHORIZED: entry('The API server does not accept the credentials', 'Renew them.', 502),
  DW_KUBERNETES_UNREACHABLE: entry('The API server does not answer', 'Check that it runs and can be reached.', 503),
  DW_LEASE_INPUT_INVALID: entry('The lease store refuses malformed input', 'Report it: the caller has a bug.'),
  DW_LEASE_UNAVAILABLE: entry('The store of leases does not answer', 'Check that it runs and can be reached.', 503),
  DW_LLM_ANSWER_INVALID: entry(
    'A language model answered what its protocol does not allow',
    'Try again; if it stays, see whether OPENAI_BASE_URL really is an OpenAI-compatible endpoint.',
    502,
  ),
  DW_LLM_BUDGET: entry(
    'The tokens that language models may use in a day are used up',
    'Wait for the next day (UTC), or raise `conversation.tokensPerPersonPerDay` or `conversation.tokensPerDay`.',
    429,
  ),
  DW_LLM_MODEL_UNKNOWN: entry(
    'A language model is not one of those configured',
    'See `/model` for those there are.',
    422,
  ),
  DW_LLM_RATE_LIMITED: entry('A language model has had enough requests for now', 'Wait; it is tried again later.', 503),
  DW_LLM_REFUSED: entry(
    'The keeper of a language model refuses a request',
    'See its message: the key, the rights of its project, the name of the model, or a limit.',
    502,
  ),
  DW_LLM_RESTING: entry(
    'A language model failed again and again and is left alone for a while',
    'Wait as long as the message says; the log says why it failed.',
    503,
  ),
  DW_LLM_TIMEOUT: entry(
    'A language model did not answer in time',
    'Try again, choose a faster model, or raise llm.timeoutSeconds.',
    504,
  ),
  DW_LLM_UNAVAILABLE: entry(
    'A language model cannot be reached or broke off',
    'See whether its endpoint runs and can be reached from here.',
    503,
  ),
  DW_LOG_CONTENTION: entry('Too many writers changed one stream at once', 'Try again.', 503),
  DW_LOG_CURSOR_INVALID: entry('The cursor of a list is malformed', "Use the 'next' of a page as it came.", 422),
  DW_LOG_EVENT_TOO_NEW: entry(
    'An event was written by a newer Dogwatch',
    'Run the version that wrote it, or a newer one.',
  ),
  DW_LOG_EVENT_UNREADABLE: entry(
    'An event of the log is not what was written',
    'The store was changed from outside: take its backup, and find out who did it.',
    500,
  ),
  DW_LOG_INPUT_INVALID: entry('The incident log refuses malformed input', 'Report it: the caller has a bug.'),
  DW_LOG_KEY_TAKEN: entry('An open incident has this key already', 'Change the open incident instead.', 409),
  DW_LOG_UNAVAILABLE: entry(
    'The durable store does not answer',
    'Look at the check named store in /health; then try again.',
    503,
  ),
  DW_LOG_UPCAST_RULES_INVALID: entry(
    'Upcasting rules leave a gap',
    'Give one rule for every schema version from 1 up.',
  ),
  DW_PLAYBOOK_INVALID: entry('A playbook names what is not installed', 'Fix each of the listed playbooks.'),
  DW_PLAYBOOK_UNKNOWN: entry('No playbook has this id', 'Use one of the playbooks that the message lists.', 404),
  DW_REDIS_NOT_CONFIGURED: entry(
    'The Redis store is installed without a Redis',
    'Set REDIS_URL, or leave redisStore out.',
  ),
  DW_ROUTING_INVALID: entry(
    'Messages are to be sent to a room that is not there, or where nobody would be answered',
    'Do as the message says: correct the room, set up its channel, or add the room to the settings of the channel.',
  ),
  DW_RULE_ACTION_UNKNOWN: entry(
    'A rule names an action that nothing carries out',
    'Use one of the known actions, or add the plugin that carries it out.',
  ),
  DW_RUN_REFUSED: entry('A run cannot be started', 'Do what the message says stands against it.', 409),
  DW_RUN_UNKNOWN: entry('No run has this id', 'See the runs of the incident.', 404),
  DW_SESSION_INVALID: entry('The session store refuses what it was given', 'Correct the caller.'),
  DW_SESSION_STORE_UNAVAILABLE: entry(
    'The store of sessions does not answer',
    'Check that it runs and can be reached; the chat goes on without what it remembered.',
    503,
  ),
  DW_SLACK_NOT_TAKEN: entry(
    'A message from Slack could not be stored',
    'Slack sends events again by itself; see the store in /health.',
    503,
  ),
  DW_SLACK_RATE_LIMITED: entry(
    'Slack takes no more calls for a while',
    'Nothing; the call is made again when Slack allows it.',
  ),
  DW_SLACK_REFUSED: entry(
    'Slack refuses a call',
    'Do what the message says: it holds the word that Slack uses for the reason.',
  ),
  DW_SLACK_TOKEN: entry(
    'Slack refuses a token',
    'Copy the tokens anew from the Slack app, after installing it with the scopes of the manifest.',
  ),
  DW_SLACK_UNAUTHENTICATED: entry(
    'A request to the Slack webhook is not signed by Slack',
    'Set SLACK_SIGNING_SECRET to the Signing Secret of the app, and check the clock of this machine.',
    401,
  ),
  DW_SLACK_UNAVAILABLE: entry('Slack cannot be reached', 'Check the network; the call is made again.'),
  DW_STORE_FOLDER_IN_USE: entry(
    'Another process uses the data folder',
    'Stop it, or set DOGWATCH_DATA to another folder.',
  ),
  DW_STORE_IN_USE: entry('Replicas use the store that is to be filled', 'Stop all of them, then try again.'),
  DW_STORE_SCHEMA_CHANGED: entry(
    'An applied migration is not the one of this version',
    'Run the version that wrote the store.',
  ),
  DW_STORE_SCHEMA_NEWER: entry(
    'The store was written by a newer Dogwatch',
    'Run the version that wrote it, or a newer one.',
  ),
  DW_STORE_SCHEMA_OLDER: entry(
    'The store has an old shape, and who opened it may not change that',
    "Run 'dogwatch migrate up', or let the app migrate at its start (DATABASE_MIGRATE).",
  ),
  DW_STORE_STATEMENT_INVALID: entry('A statement of the store is wrong', 'Report it: the caller has a bug.'),
  DW_TELEGRAM_BUSY: entry('Telegram wants messages to come slower', 'Nothing; it is tried again later.', 503),
  DW_TELEGRAM_CHAT_CLOSED: entry(
    'A Telegram chat takes no messages of the bot',
    'Let the bot in again, or remove the chat from telegram.chats.',
    502,
  ),
  DW_TELEGRAM_CONFLICT: entry(
    'Another program takes the updates of the Telegram bot',
    'Stop the other program, or make a bot of its own for this Dogwatch.',
    502,
  ),
  DW_TELEGRAM_REFUSED: entry('Telegram refuses a request', 'Report it with its message.', 502),
  DW_TELEGRAM_TOKEN: entry(
    'Telegram does not know the token of the bot',
    'Set TELEGRAM_BOT_TOKEN to the token that @BotFather shows for the bot.',
    502,
  ),
  DW_TELEGRAM_UNREACHABLE: entry(
    'Telegram does not answer',
    'Check that this machine reaches api.telegram.org, port 443.',
    503,
  ),
  DW_TELEGRAM_WEBHOOK_SECRET: entry(
    'A request to the Telegram webhook came without the right secret',
    'Nothing, if it was not Telegram; else restart Dogwatch, which sets the webhook with its secret anew.',
    403,
  ),
  DW_TOOL_DUPLICATE: entry('Two tools have the same name', 'Remove or rename one of them.'),
  DW_TOOL_FAILED: entry('A tool could not answer', 'See the cause in the message.', 502),
  DW_WRITES_NOT_ALLOWED: entry(
    'Somebody who may not let writes happen again tried to',
    'Ask somebody who may approve something of high risk; the message says who that is.',
    403,
  ),
} as const satisfies Readonly<Record<string, ErrorCodeEntry>>;

/** A registered error code. */
export type ErrorCode = keyof typeof errorCodes;

/** Answers the registry's entry of a code. */
export function describeErrorCode(code: ErrorCode): ErrorCodeEntry {
  return errorCodes[code];
}
