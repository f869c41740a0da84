import type { IncomingHttpHeaders, ServerResponse } from 'node:http';

/** One request as the routes see it. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly contentType: string;
  readonly userAgent: string;
  /** The parsed JSON body; `undefined` when there was none or it is no JSON. */
  readonly body: unknown;
  readonly isDryRun: boolean;
}

/** A complete answer. */
export interface ApiReply {
  readonly status: number;
  /** JSON text, or plain text when the content type says so. */
  readonly text: string;
  readonly contentType?: string | undefined;
}

/** An answer that is written piece by piece: the function owns the response from then on. */
export type ApiStream = (response: ServerResponse) => void;

/** Makes an answer out of a value. */
export function replyJson(status: number, value: unknown): ApiReply {
  return { status, text: JSON.stringify(value) };
}

/** Makes a plain text answer. */
export function replyText(status: number, text: string): ApiReply {
  return { status, text, contentType: 'text/plain; charset=utf-8' };
}
