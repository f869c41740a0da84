import { createHash } from 'node:crypto';
import { canonicalJson } from '@dogwatch/core';
import type { ErrorDetail, JsonObject } from '@dogwatch/core';
import { z } from 'zod';

const maxKeptLength = 10_000;
const texts = z.record(z.string(), z.string());
const time = z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'must be a time as RFC 3339 has it');

const alertSchema = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: texts.refine((labels) => Object.keys(labels).length > 0, 'must not be empty'),
  annotations: texts.nullish(),
  startsAt: time,
  endsAt: time.nullish(),
  generatorURL: z.string().nullish(),
  fingerprint: z.string().min(1).max(200).nullish(),
});

const payloadSchema = z.object({
  version: z.literal('4', "must be '4', the version of the webhook that Dogwatch understands").optional(),
  groupKey: z.string().nullish(),
  receiver: z.string().nullish(),
  externalURL: z.string().nullish(),
  truncatedAlerts: z.number().nullish(),
  alerts: z.array(z.unknown()),
});

/** One alert as it is stored. */
export type ReceivedAlert = {
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** ISO 8601 UTC. */
  readonly startsAt: string;
  /** ISO 8601 UTC; `null` where the alert has not ended. */
  readonly endsAt: string | null;
  readonly generatorURL: string | null;
  readonly fingerprint: string;
};

/** An alert that cannot be used, kept aside. */
export type BrokenAlert = {
  readonly index: number;
  readonly problems: readonly ErrorDetailData[];
  /** The alert as it came, shortened. */
  readonly text: string;
};

type ErrorDetailData = { readonly path: string; readonly message: string };

/** Data of `alerts-received`: one batch as Alertmanager sent it. */
export type AlertBatch = {
  readonly groupKey: string | null;
  readonly receiver: string | null;
  readonly externalURL: string | null;
  /** How many alerts Alertmanager left out of the batch. */
  readonly truncatedAlerts: number;
  readonly alerts: readonly ReceivedAlert[];
  readonly broken: readonly BrokenAlert[];
};

/** A payload that was read: the batch, or why there is none. */
export type ParsedPayload =
  { readonly ok: true; readonly batch: AlertBatch } | { readonly ok: false; readonly problems: readonly ErrorDetail[] };

/** Reads the payload of Alertmanager's webhook, version 4; a broken alert does not spoil the others. */
export function parsePayload(payload: unknown): ParsedPayload {
  const parsed = payloadSchema.safeParse(payload);
  if (!parsed.success) return { ok: false, problems: toDetails(parsed.error.issues, '') };
  const alerts: ReceivedAlert[] = [];
  const broken: BrokenAlert[] = [];
  for (const [index, value] of parsed.data.alerts.entries()) {
    const alert = alertSchema.safeParse(value);
    if (alert.success) alerts.push(normalize(alert.data));
    else {
      const problems = toDetails(alert.error.issues, `alerts[${index}]`);
      broken.push({ index, problems, text: (JSON.stringify(value) ?? '').slice(0, maxKeptLength) });
    }
  }
  const { groupKey, receiver, externalURL, truncatedAlerts } = parsed.data;
  const batch = {
    groupKey: groupKey ?? null,
    receiver: receiver ?? null,
    externalURL: externalURL ?? null,
    truncatedAlerts: truncatedAlerts ?? 0,
    alerts,
    broken,
  };
  return { ok: true, batch };
}

function normalize(alert: z.output<typeof alertSchema>): ReceivedAlert {
  const { status, labels, annotations, startsAt, endsAt, generatorURL, fingerprint } = alert;
  return {
    status,
    labels,
    annotations: annotations ?? {},
    startsAt: new Date(startsAt).toISOString(),
    endsAt: status === 'resolved' && endsAt ? endOf(endsAt) : null,
    generatorURL: generatorURL ?? null,
    fingerprint: fingerprint ?? fingerprintOf(labels),
  };
}

// Alertmanager writes year 1 where it does not know the end.
function endOf(endsAt: string): string | null {
  return Date.parse(endsAt) > 0 ? new Date(endsAt).toISOString() : null;
}

function fingerprintOf(labels: JsonObject): string {
  return createHash('sha256').update(canonicalJson(labels)).digest('hex').slice(0, 16);
}

function toDetails(issues: readonly z.core.$ZodIssue[], prefix: string): readonly ErrorDetailData[] {
  return issues.map((issue) => {
    const path = issue.path.reduce<string>(
      (text, part) =>
        typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`,
      prefix,
    );
    return { path, message: describeIssue(issue.message) };
  });
}

function describeIssue(message: string): string {
  const [, expected, received] = /^Invalid input: expected (\w+), received (\w+)$/.exec(message) ?? [];
  if (expected === undefined) return message;
  const wanted = expected === 'record' ? 'an object' : expected === 'array' ? 'a list' : `a ${expected}`;
  return received === 'undefined'
    ? `is missing, expected ${wanted}`
    : `expected ${wanted}, got ${received ?? 'something else'}`;
}
