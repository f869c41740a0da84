import type { LlmToolCall } from '@dogwatch/core';

/** A tool call as a scripted model writes it; arguments that are no text are written as JSON. */
export interface ScriptedCall {
  readonly name: string;
  readonly arguments: object | string;
}

/** What a scripted model does with one request. */
export type ScriptedReply =
  | { readonly kind: 'answer'; readonly text?: string; readonly toolCalls?: readonly ScriptedCall[] }
  /** Stopped at the limit of tokens. */
  | { readonly kind: 'cut-at-length'; readonly text: string }
  | { readonly kind: 'refusal'; readonly text: string }
  /** 429. */
  | { readonly kind: 'rate-limited'; readonly retryAfterSeconds?: number }
  /** 503. */
  | { readonly kind: 'unavailable' }
  /** 401. */
  | { readonly kind: 'unauthorized' }
  /** The connection breaks after this much text. */
  | { readonly kind: 'broken'; readonly text: string }
  /** 200 with something that is not the protocol. */
  | { readonly kind: 'garbage' }
  /** Some text perhaps, then silence until the other side has enough of it. */
  | { readonly kind: 'hang'; readonly text?: string };

/** The calls of a reply, with ids. */
export function writtenCalls(calls: readonly ScriptedCall[], prefix: string): readonly LlmToolCall[] {
  return calls.map((call, index) => ({
    id: `${prefix}_${index}`,
    name: call.name,
    argumentsText: typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments),
  }));
}

/** A text in pieces of a few characters, as models stream it. */
export function inPieces(text: string, length = 7): readonly string[] {
  const characters = Array.from(text);
  const pieces: string[] = [];
  for (let at = 0; at < characters.length; at += length) pieces.push(characters.slice(at, at + length).join(''));
  return pieces;
}
