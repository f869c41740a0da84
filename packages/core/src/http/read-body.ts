import type { IncomingMessage } from 'node:http';
import { AppError } from '../errors/app-error.js';

/** Bytes of a request body unless a route says otherwise. */
export const DEFAULT_MAX_BODY_BYTES = 1024 * 1024;

function tooLarge(maxBytes: number): AppError {
  return new AppError(
    'DW_HTTP_BODY_TOO_LARGE',
    `The request body is larger than the ${maxBytes} bytes that this address takes. Send less at once.`,
  );
}

/** Reads the raw body; throws `DW_HTTP_BODY_TOO_LARGE` as soon as it is known to pass `maxBytes`. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > maxBytes) throw tooLarge(maxBytes);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += (chunk as Buffer).length;
    if (length > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks, length);
}

/** Parses a body as JSON; throws `DW_HTTP_JSON` with the parser's own words. */
export function parseJsonBody(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (cause) {
    const why = body.length === 0 ? 'it is empty' : (cause as Error).message;
    throw new AppError('DW_HTTP_JSON', `The request body is not JSON: ${why}.`, { cause });
  }
}
