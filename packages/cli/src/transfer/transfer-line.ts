import { z } from 'zod';
import type { StoredEvent, Summary } from '@dogwatch/core';

/** The only version of the format so far. */
export const TRANSFER_VERSION = 1;

/** How much a file holds, or how much of it was new to a store. */
export interface TransferCount {
  readonly events: number;
  readonly summaries: number;
}

/** One line of an export: JSON, the header first, then events in order of position, then summaries, then the end. */
export type TransferLine =
  | { readonly kind: 'header'; readonly format: 'dogwatch-log'; readonly version: number }
  | { readonly kind: 'event'; readonly event: Omit<StoredEvent, 'position'> }
  | { readonly kind: 'summary'; readonly summary: Summary }
  | ({ readonly kind: 'end' } & TransferCount);

const count = z.number().int().min(0);
const dataObject = z.record(z.string(), z.unknown());

const lineSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('header'),
    format: z.literal('dogwatch-log'),
    version: z.literal(TRANSFER_VERSION),
  }),
  z.strictObject({
    kind: z.literal('event'),
    event: z.strictObject({
      stream: z.string(),
      version: z.number().int().min(1),
      type: z.string(),
      schemaVersion: z.number().int().min(1),
      at: z.string(),
      actor: z.strictObject({ channelType: z.string(), userId: z.string() }),
      data: dataObject,
      previousHash: z.string(),
      hash: z.string(),
    }),
  }),
  z.strictObject({
    kind: z.literal('summary'),
    summary: z.strictObject({
      kind: z.string(),
      id: z.string(),
      stream: z.string(),
      open: z.boolean(),
      key: z.string().nullable(),
      namespace: z.string().nullable(),
      at: z.string(),
      data: dataObject,
    }),
  }),
  z.strictObject({ kind: z.literal('end'), events: count, summaries: count }),
]);

/** Reads one line; answers why it is none in words that follow a line number. */
export function parseTransferLine(text: string): TransferLine | { readonly kind: 'wrong'; readonly reason: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: 'wrong', reason: 'is not JSON' };
  }
  const parsed = lineSchema.safeParse(json);
  if (parsed.success) return parsed.data as unknown as TransferLine;
  const [issue] = parsed.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? '' : ` at '${issue.path.join('.')}'`;
  return { kind: 'wrong', reason: `is no line of a Dogwatch export${place}: ${issue?.message ?? 'unknown'}` };
}
