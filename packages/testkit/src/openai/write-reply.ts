import type { ServerResponse } from 'node:http';
import type { LlmToolCall } from '@dogwatch/core';
import { inPieces, writtenCalls } from '../llm/scripted-reply.js';
import type { ScriptedReply } from '../llm/scripted-reply.js';

/** The request that is answered. */
export interface ReplyContext {
  readonly body: Readonly<Record<string, unknown>>;
  readonly turn: number;
}

/** Answers a chat completion as the script says, whole or as server-sent events. */
export async function writeReply(response: ServerResponse, reply: ScriptedReply, context: ReplyContext): Promise<void> {
  if (refuse(response, reply)) return;
  if (context.body['stream'] === true) return writeStream(response, reply, context);
  if (reply.kind === 'hang') return;
  response.writeHead(200, { 'content-type': 'application/json' });
  if (reply.kind === 'garbage') {
    response.end('{"id": "chatcmpl-1", "choices": [{"mess');
    return;
  }
  const text = JSON.stringify({
    id: `chatcmpl-${context.turn}`,
    object: 'chat.completion',
    created: 1_767_225_600,
    model: context.body['model'],
    choices: [{ index: 0, message: messageOf(reply, context.turn), finish_reason: finishOf(reply), logprobs: null }],
    usage: usageOf(context.body),
  });
  if (reply.kind === 'broken') {
    response.write(text.slice(0, text.length / 2), () => response.destroy());
    return;
  }
  response.end(text);
}

function refuse(response: ServerResponse, reply: ScriptedReply): boolean {
  const send = (status: number, message: string, headers: Readonly<Record<string, string>> = {}): true => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ error: { message, type: 'error', param: null, code: null } }));
    return true;
  };
  if (reply.kind === 'rate-limited') {
    const { retryAfterSeconds } = reply;
    const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
    return send(429, 'Rate limit reached for requests', headers);
  }
  if (reply.kind === 'unavailable') return send(503, 'The server is overloaded or not ready yet.');
  return reply.kind === 'unauthorized' && send(401, 'Incorrect API key provided.');
}

async function writeStream(response: ServerResponse, reply: ScriptedReply, context: ReplyContext): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  if (reply.kind === 'garbage') {
    response.end('data: {"choices": [{"delta"\n\n');
    return;
  }
  for (const delta of deltasOf(reply, context.turn)) await send(response, chunkOf(context, delta, null));
  if (reply.kind === 'hang') return;
  if (reply.kind === 'broken') {
    response.destroy();
    return;
  }
  await send(response, chunkOf(context, {}, finishOf(reply)));
  const options = context.body['stream_options'] as { readonly include_usage?: boolean } | undefined;
  if (options?.include_usage === true) {
    await send(response, { ...chunkOf(context, {}, null), choices: [], usage: usageOf(context.body) });
  }
  response.end('data: [DONE]\n\n');
}

// Each piece is on its way before the next one, so that a broken stream breaks where the script says.
function send(response: ServerResponse, chunk: object): Promise<void> {
  return new Promise((resolve) => response.write(`data: ${JSON.stringify(chunk)}\n\n`, () => resolve()));
}

function chunkOf({ body, turn }: ReplyContext, delta: object, finish: string | null): object {
  return {
    id: `chatcmpl-${turn}`,
    object: 'chat.completion.chunk',
    created: 1_767_225_600,
    model: body['model'],
    choices: [{ index: 0, delta, finish_reason: finish, logprobs: null }],
  };
}

function deltasOf(reply: ScriptedReply, turn: number): readonly object[] {
  const text = 'text' in reply ? (reply.text ?? '') : '';
  const field = reply.kind === 'refusal' ? 'refusal' : 'content';
  return [
    { role: 'assistant', content: '' },
    ...inPieces(text).map((piece) => ({ [field]: piece })),
    ...callsOf(reply, turn).flatMap(callDeltas),
  ];
}

function callDeltas(call: LlmToolCall, index: number): readonly object[] {
  const first = { index, id: call.id, type: 'function', function: { name: call.name, arguments: '' } };
  const rest = inPieces(call.argumentsText, 5).map((piece) => ({ index, function: { arguments: piece } }));
  return [first, ...rest].map((one) => ({ tool_calls: [one] }));
}

function callsOf(reply: ScriptedReply, turn: number): readonly LlmToolCall[] {
  return reply.kind === 'answer' ? writtenCalls(reply.toolCalls ?? [], `call_${turn}`) : [];
}

function messageOf(reply: ScriptedReply, turn: number): object {
  const text = 'text' in reply ? (reply.text ?? '') : '';
  if (reply.kind === 'refusal') return { role: 'assistant', content: null, refusal: text };
  const calls = callsOf(reply, turn).map((call) => ({
    id: call.id,
    type: 'function',
    function: { name: call.name, arguments: call.argumentsText },
  }));
  if (calls.length === 0) return { role: 'assistant', content: text, refusal: null };
  return { role: 'assistant', content: text === '' ? null : text, refusal: null, tool_calls: calls };
}

function finishOf(reply: ScriptedReply): string {
  if (reply.kind === 'cut-at-length') return 'length';
  return reply.kind === 'answer' && (reply.toolCalls ?? []).length > 0 ? 'tool_calls' : 'stop';
}

function usageOf(body: ReplyContext['body']): object {
  const prompt = Math.ceil(JSON.stringify(body).length / 4);
  return { prompt_tokens: prompt, completion_tokens: 10, total_tokens: prompt + 10 };
}
