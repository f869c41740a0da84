import { createHash } from 'node:crypto';
import { resourceKey } from '../domain/resource-reference.js';
import type { PlacedResource } from '../domain/resource-reference.js';
import type { Claim, Leadership } from '../ports/leadership.js';

/** Lets one run at a time begin to change an object, within this process and over all replicas. */
export class ObjectClaims {
  private readonly held = new Set<string>();

  constructor(private readonly leadership: Pick<Leadership, 'claim'>) {}

  /** `null` while another run has the object. */
  async take(target: PlacedResource): Promise<Claim | null> {
    const name = leaseOf(target);
    if (this.held.has(name)) return null;
    this.held.add(name);
    const claim = await this.leadership.claim(name).catch((error: unknown) => {
      this.held.delete(name);
      throw error;
    });
    if (claim === null) {
      this.held.delete(name);
      return null;
    }
    return {
      signal: claim.signal,
      release: () => {
        this.held.delete(name);
        return claim.release();
      },
    };
  }
}

// Names of objects can be longer than those of leases.
function leaseOf(target: PlacedResource): string {
  return `object/${createHash('sha256').update(resourceKey(target)).digest('hex').slice(0, 32)}`;
}
