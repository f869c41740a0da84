/** Why the real API would answer 400, with the parameter that it names; `null` when it would not. */
export interface ChatRequestProblem {
  readonly message: string;
  readonly param: string;
}

const roles = new Set(['system', 'developer', 'user', 'assistant', 'tool']);
const toolName = /^[a-zA-Z0-9_-]{1,64}$/;
const maxTools = 128;
const knownFields = new Set([
  'model',
  'messages',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'response_format',
  'stream',
  'stream_options',
  'temperature',
  'max_tokens',
  'max_completion_tokens',
  'user',
]);

type Fields = Readonly<Record<string, unknown>>;

/**
 * Judges the body of a chat completion as the real API does
 * (https://platform.openai.com/docs/api-reference/chat/create).
 */
export function findChatRequestProblem(body: unknown): ChatRequestProblem | null {
  if (!isFields(body)) return problem('We could not parse the JSON body of your request.', '');
  const unknown = Object.keys(body).find((field) => !knownFields.has(field));
  if (unknown !== undefined) return problem(`Unrecognized request argument supplied: ${unknown}`, unknown);
  if (typeof body['model'] !== 'string' || body['model'] === '') {
    return problem('you must provide a model parameter', 'model');
  }
  const { messages } = body;
  if (!Array.isArray(messages) || messages.length === 0) {
    return problem("Invalid 'messages': empty array. Expected an array with minimum length 1.", 'messages');
  }
  if (body['stream_options'] !== undefined && body['stream'] !== true) {
    return problem("The 'stream_options' parameter is only allowed when 'stream' is enabled.", 'stream_options');
  }
  return (
    findMessagesProblem(messages as readonly unknown[]) ??
    findToolsProblem(body['tools']) ??
    findFormatProblem(body['response_format'])
  );
}

function findMessagesProblem(messages: readonly unknown[]): ChatRequestProblem | null {
  let open = new Set<string>();
  for (const [index, message] of messages.entries()) {
    const param = `messages.[${index}]`;
    if (!isFields(message)) return problem('Invalid type for message: expected an object.', param);
    const role = String(message['role']);
    if (!roles.has(role)) return problem(`Invalid value: '${role}'.`, `${param}.role`);
    if (role === 'tool') {
      const id = String(message['tool_call_id']);
      const text =
        "Invalid parameter: messages with role 'tool' must be a response to a preceding message with 'tool_calls'.";
      if (!open.delete(id)) return problem(text, `${param}.role`);
    } else if (open.size > 0) {
      const text =
        "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'.";
      return problem(`${text} Unanswered: ${[...open].join(', ')}`, param);
    }
    const calls = message['tool_calls'];
    const hasCalls = Array.isArray(calls);
    if (hasCalls && calls.length === 0) return problem("Invalid 'tool_calls': empty array.", `${param}.tool_calls`);
    if (typeof message['content'] !== 'string' && !(role === 'assistant' && hasCalls)) {
      return problem("Invalid value for 'content': expected a string, got null.", `${param}.content`);
    }
    if (hasCalls) open = callIds(calls as readonly Fields[]);
  }
  if (open.size === 0) return null;
  return problem("An assistant message with 'tool_calls' must be followed by tool messages.", 'messages');
}

function callIds(calls: readonly Fields[]): Set<string> {
  return new Set(calls.map((call) => String(call['id'])));
}

function findToolsProblem(tools: unknown): ChatRequestProblem | null {
  if (tools === undefined) return null;
  if (!Array.isArray(tools) || tools.length === 0) return problem("Invalid 'tools': empty array.", 'tools');
  if (tools.length > maxTools) return problem(`Invalid 'tools': array too long, at most ${maxTools}.`, 'tools');
  for (const [index, tool] of (tools as readonly unknown[]).entries()) {
    const definition = isFields(tool) && tool['type'] === 'function' ? tool['function'] : undefined;
    const param = `tools[${index}].function`;
    if (!isFields(definition)) return problem('Missing required parameter.', param);
    if (!toolName.test(String(definition['name']))) return problem('String does not match pattern.', `${param}.name`);
    const parameters = definition['parameters'];
    if (!isFields(parameters) || parameters['type'] !== 'object') {
      return problem('schema must be a JSON Schema of \'type: "object"\'.', `${param}.parameters`);
    }
  }
  return null;
}

function findFormatProblem(format: unknown): ChatRequestProblem | null {
  if (format === undefined) return null;
  const param = 'response_format';
  if (!isFields(format) || format['type'] !== 'json_schema') return null;
  const schema = format['json_schema'];
  if (!isFields(schema) || !toolName.test(String(schema['name']))) {
    return problem('Missing required parameter.', `${param}.json_schema.name`);
  }
  const root = schema['schema'];
  if (schema['strict'] === true && (!isFields(root) || root['additionalProperties'] !== false)) {
    return problem("'additionalProperties' is required to be supplied and to be false.", param);
  }
  return null;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function problem(message: string, param: string): ChatRequestProblem {
  return { message, param };
}
