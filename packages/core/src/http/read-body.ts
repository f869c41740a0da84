import type { IncomingMessage } from 'node:http';
import { AppError } from '../errors/app-error.js';

/** Bytes of a request body unless a route says otherwise. */
export const DEFAULT_MAX_BODY_BYTES = 1024 * 1024;

/**
 * Bytes past the limit that are read and thrown away: who is refused in the middle of sending mostly sees a broken
 * connection and never the answer, and sends the same again.
 */
const maxDiscardedBytes = 32 * 1024 * 1024;

function tooLarge(maxBytes: number): AppError {
  return new AppError(
    'DW_HTTP_BODY_TOO_LARGE',
    `The request body is larger than the ${maxBytes} bytes that this address takes. Send less at once.`,
  );
}

/** Reads the raw body; throws `DW_HTTP_BODY_TOO_LARGE` when it passes `maxBytes`, and does not keep it. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > maxBytes + maxDiscardedBytes) throw tooLarge(maxBytes);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += (chunk as Buffer).length;
    if (length <= maxBytes) chunks.push(chunk as Buffer);
    else chunks.length = 0;
    if (length > maxBytes + maxDiscardedBytes) break;
  }
  if (length > maxBytes) throw tooLarge(maxBytes);
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
