import { AppError, checkLeaseRequest, checkLeaseTtl, isAppError, isLogName } from '@dogwatch/core';
import type { Clock, HeldLease, JsonObject, Lease, LeaseRequest, LeaseStore } from '@dogwatch/core';
import { apiPath } from '../client/api-path.js';
import type { ClusterClient } from '../client/cluster-client.js';
import { heldLeaseObject, leaseObjectName, readLease, releasedLeaseObject } from './lease-object.js';
import type { LeaseObject } from './lease-object.js';

const maxTries = 10;
// Below the patience of whoever keeps a lease.
const requestTimeoutMs = 4_000;
/** How far the clocks of replicas may be apart. */
const maxClockSkewMs = 30_000;

/** Where the Leases are. */
export interface LeasePlace {
  readonly client: ClusterClient;
  readonly namespace: string;
}

interface Sighting {
  readonly version: string;
  readonly atMs: number;
}

/**
 * Leases as `coordination.k8s.io/v1` Leases: a few for ever, not one for each piece of work. Every write names the resource
 * version that it replaces, so one of many wins.
 *
 * A lease has run out when it was not written for its time while this store looked, as client-go counts it: clocks need not
 * agree for that. Who looks for the first time goes by the times in the Lease, with 30 s for the difference of clocks.
 */
export class KubernetesLeaseStore implements LeaseStore {
  private readonly seen = new Map<string, Sighting>();

  constructor(
    private readonly place: LeasePlace,
    private readonly clock: Clock,
  ) {}

  async acquire(request: LeaseRequest): Promise<Lease | null> {
    checkLeaseRequest(request);
    const { name, holder, ttlMs } = request;
    return this.decide(name, async (found) => {
      const nowMs = this.clock.now();
      const kept = found === null ? null : readLease(found);
      const isHeld = found !== null && this.isHeld(name, found);
      if (isHeld && kept?.holder !== holder) return { result: null };
      // Never below the time, so that it grows also when somebody has deleted the Lease.
      const token = isHeld && kept !== null ? kept.token : Math.max((kept?.token ?? 0) + 1, nowMs);
      const lease = { name, holder, token };
      const write = heldLeaseObject({ ...lease, expiresAtMs: nowMs + ttlMs }, found, nowMs);
      return (await this.write(name, write, found)) ? { result: lease } : 'again';
    });
  }

  async renew(lease: Lease, ttlMs: number): Promise<boolean> {
    checkLeaseTtl(ttlMs);
    return this.change(lease, (found, nowMs) => {
      const held: HeldLease = { ...lease, expiresAtMs: nowMs + ttlMs };
      return heldLeaseObject(held, found, nowMs);
    });
  }

  async release(lease: Lease): Promise<void> {
    await this.change(lease, (found) => releasedLeaseObject(lease, found));
  }

  async find(name: string): Promise<Lease | null> {
    if (!isLogName(name)) return null;
    const found = await this.read(name);
    if (found === null || !this.isHeld(name, found)) return null;
    const { holder, token } = readLease(found);
    return holder === null ? null : { name, holder, token };
  }

  /** Writes while the lease is still this holder's; `false` when it is not. */
  private async change(lease: Lease, next: (found: LeaseObject, nowMs: number) => JsonObject): Promise<boolean> {
    const { name, holder, token } = lease;
    if (!isLogName(name) || !isLogName(holder)) return false;
    return this.decide(name, async (found) => {
      if (found === null || !this.isHeld(name, found)) return { result: false };
      const kept = readLease(found);
      if (kept.holder !== holder || kept.token !== token) return { result: false };
      return (await this.write(name, next(found, this.clock.now()), found)) ? { result: true } : 'again';
    });
  }

  private async decide<T>(
    name: string,
    attempt: (found: LeaseObject | null) => Promise<{ readonly result: T } | 'again'>,
  ): Promise<T> {
    for (let tries = 0; tries < maxTries; tries++) {
      const outcome = await attempt(await this.read(name));
      if (outcome !== 'again') return outcome.result;
    }
    throw unavailable(`The lease '${name}' changed ${maxTries} times while it was asked for. Try again.`);
  }

  private isHeld(name: string, found: LeaseObject): boolean {
    const { version, holder, ttlMs, renewedAtMs } = readLease(found);
    if (holder === null || holder === '') return false;
    const nowMs = this.clock.now();
    const sighting = this.seen.get(name);
    const seenAtMs = sighting?.version === version ? sighting.atMs : nowMs;
    this.seen.set(name, { version, atMs: seenAtMs });
    const byItsWords = renewedAtMs === null ? Infinity : renewedAtMs + ttlMs + maxClockSkewMs;
    return nowMs < Math.min(seenAtMs + ttlMs, byItsWords);
  }

  private async read(name: string): Promise<LeaseObject | null> {
    const path = this.pathOf(leaseObjectName(name));
    const answer = await this.ask('get', { action: `read the Lease of '${name}'`, path }, 'DW_KUBERNETES_NOT_FOUND');
    return answer === null ? null : (answer as unknown as LeaseObject);
  }

  /** Answers `false` when somebody else was faster. */
  private async write(name: string, body: JsonObject, before: LeaseObject | null): Promise<boolean> {
    const atMs = this.clock.now();
    const method = before === null ? 'POST' : 'PUT';
    const path = before === null ? this.pathOf() : this.pathOf(leaseObjectName(name));
    const request = { action: `write the Lease of '${name}'`, method, path, body } as const;
    const written = await this.ask(before === null ? 'create' : 'update', request, 'DW_KUBERNETES_CONFLICT');
    if (written === null) return false;
    this.seen.set(name, { version: readLease(written as unknown as LeaseObject).version, atMs });
    return true;
  }

  /** `null` for the one failure that is an answer. */
  private async ask(
    verb: 'get' | 'create' | 'update',
    request: Parameters<ClusterClient['json']>[0],
    expected: 'DW_KUBERNETES_NOT_FOUND' | 'DW_KUBERNETES_CONFLICT',
  ): Promise<JsonObject | null> {
    try {
      return await this.place.client.json({ ...request, timeoutMs: requestTimeoutMs });
    } catch (error) {
      if (isAppError(error) && error.code === expected) return null;
      const reason = error instanceof Error ? error.message : String(error);
      const isForbidden = isAppError(error) && error.code === 'DW_KUBERNETES_FORBIDDEN';
      throw unavailable(`${reason} ${isForbidden ? this.missingRight(verb) : this.whatFor()}`, error);
    }
  }

  private missingRight(verb: string): string {
    return (
      `What is missing in namespace '${this.place.namespace}' is the right to ${verb} leases.coordination.k8s.io: ` +
      'without get, create and update there this replica watches no cluster. DOGWATCH_LEADER_ELECTION=store does without.'
    );
  }

  private whatFor(): string {
    return `Who watches a cluster is elected by Leases in namespace '${this.place.namespace}'; DOGWATCH_LEADER_ELECTION=store does without.`;
  }

  private pathOf(name?: string): string {
    const { namespace } = this.place;
    return apiPath({ kind: 'Lease', namespace, ...(name === undefined ? {} : { name }) });
  }
}

function unavailable(message: string, cause?: unknown): AppError {
  return new AppError('DW_LEASE_UNAVAILABLE', message, {
    isRetryable: true,
    retryAfterMs: 1_000,
    ...(cause === undefined ? {} : { cause }),
  });
}
