import { createHash } from 'node:crypto';
import type { HeldLease, JsonObject } from '@dogwatch/core';

const nameAnnotation = 'dogwatch.dev/lease';
const tokenAnnotation = 'dogwatch.dev/token';

/** A Lease of the API server, as far as the election looks. */
export interface LeaseObject {
  readonly metadata: {
    readonly resourceVersion?: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly [field: string]: unknown;
  };
  readonly spec?: {
    readonly holderIdentity?: string | null;
    readonly leaseDurationSeconds?: number;
    readonly acquireTime?: string;
    readonly renewTime?: string;
    readonly leaseTransitions?: number;
  };
}

/** What a Lease says. */
export interface ReadLease {
  readonly version: string;
  /** `null`: given back. */
  readonly holder: string | null;
  readonly token: number;
  readonly ttlMs: number;
  /** By the clock of its holder; `null` when nobody can read it. */
  readonly renewedAtMs: number | null;
}

/** The name of the Lease that stands for a lease: one for each name, also where names differ in case alone. */
export function leaseObjectName(name: string): string {
  const readable = name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `dogwatch-${readable.slice(0, 200)}-${hash}`;
}

/** Reads a Lease; what somebody else has put there is read as far as it can be. */
export function readLease({ metadata, spec = {} }: LeaseObject): ReadLease {
  const token = Number(metadata.annotations?.[tokenAnnotation]);
  const renewedAtMs = Date.parse(spec.renewTime ?? '');
  return {
    version: metadata.resourceVersion ?? '',
    holder: spec.holderIdentity ?? null,
    token: Number.isSafeInteger(token) ? token : 0,
    ttlMs: (spec.leaseDurationSeconds ?? 0) * 1_000,
    renewedAtMs: Number.isNaN(renewedAtMs) ? null : renewedAtMs,
  };
}

/** The Lease that says that `lease` is held, from `nowMs` on; `before` is what is replaced. */
export function heldLeaseObject(lease: HeldLease, before: LeaseObject | null, nowMs: number): JsonObject {
  const isTaken = before === null || readLease(before).token !== lease.token;
  const transitions = before?.spec?.leaseTransitions ?? 0;
  return {
    ...frame(lease, before),
    spec: {
      holderIdentity: lease.holder,
      // Whole seconds are all that it can say; longer is what nobody is harmed by.
      leaseDurationSeconds: Math.ceil((lease.expiresAtMs - nowMs) / 1_000),
      acquireTime: isTaken ? microTime(nowMs) : (before.spec?.acquireTime ?? microTime(nowMs)),
      renewTime: microTime(nowMs),
      leaseTransitions: isTaken && before !== null ? transitions + 1 : transitions,
    },
  };
}

/** The Lease that says that nobody holds it any more; its token stays. */
export function releasedLeaseObject(
  lease: { readonly name: string; readonly token: number },
  before: LeaseObject,
): JsonObject {
  return {
    ...frame(lease, before),
    spec: { leaseDurationSeconds: 1, leaseTransitions: before.spec?.leaseTransitions ?? 0 },
  };
}

function frame(lease: { readonly name: string; readonly token: number }, before: LeaseObject | null): JsonObject {
  const version = before?.metadata.resourceVersion;
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name: leaseObjectName(lease.name),
      labels: { 'app.kubernetes.io/managed-by': 'dogwatch' },
      annotations: { [nameAnnotation]: lease.name, [tokenAnnotation]: String(lease.token) },
      ...(version === undefined ? {} : { resourceVersion: version }),
    },
  };
}

function microTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}
