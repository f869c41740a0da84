import type { IncomingMessage } from 'node:http';
import type { CallParameters } from './bot-methods.js';
import { badRequest } from './telegram-failure.js';

/** A request to the Bot API, taken apart. */
export interface ApiCall {
  readonly token: string;
  readonly method: string;
  readonly parameters: CallParameters;
}

// In forms and addresses everything is text; these fields hold JSON then.
const jsonFields = new Set([
  'entities',
  'reply_markup',
  'link_preview_options',
  'reply_parameters',
  'allowed_updates',
  'commands',
]);

function fromForm(form: URLSearchParams): CallParameters {
  const entries = [...form].map(([name, text]): [string, unknown] => {
    if (jsonFields.has(name)) return [name, JSON.parse(text)];
    return [name, text === 'true' ? true : text === 'false' ? false : text];
  });
  return Object.fromEntries(entries);
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Takes `/bot<token>/<method>` with its parameters from address, form or JSON apart; `null` when it is no such call. */
export async function readCall(request: IncomingMessage): Promise<ApiCall | null> {
  const url = new URL(request.url ?? '/', 'http://telegram');
  const [, token, method] = /^\/bot([^/]+)\/([A-Za-z]+)$/.exec(url.pathname) ?? [];
  if (token === undefined || method === undefined) return null;
  const text = await readText(request);
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('multipart/')) throw badRequest('FakeTelegram takes JSON or a form, not multipart');
  try {
    const isJson = type.startsWith('application/json') && text !== '';
    const body = isJson ? (JSON.parse(text) as CallParameters) : fromForm(new URLSearchParams(text));
    return { token, method, parameters: { ...fromForm(url.searchParams), ...body } };
  } catch {
    throw badRequest('object expected as the parameters');
  }
}
