import assert from 'node:assert/strict';
import type { Claim, PlacedResource } from '@dogwatch/core';
import { ObjectClaims } from '../../dist/runs/object-claims.js';

const web: PlacedResource = { cluster: 'homelab', namespace: 'shop', kind: 'Deployment', name: 'web', uid: 'uid-1' };

class SharedClaims {
  readonly held = new Set<string>();
  isAway = false;

  async claim(name: string): Promise<Claim | null> {
    await Promise.resolve();
    if (this.isAway) throw new Error('The lease store is away.');
    if (this.held.has(name)) return null;
    this.held.add(name);
    return {
      signal: new AbortController().signal,
      release: () => {
        this.held.delete(name);
        return Promise.resolve();
      },
    };
  }
}

// As the leadership of a process that is alone: it gives everything to everybody.
const alone = {
  claim: (): Promise<Claim> =>
    Promise.resolve({ signal: new AbortController().signal, release: () => Promise.resolve() }),
};

describe('the claims of objects', () => {
  it('give an object to one of those who ask at once, also in a process that is alone', async () => {
    const claims = new ObjectClaims(alone);
    const taken = await Promise.all([claims.take(web), claims.take(web), claims.take({ ...web, uid: 'uid-2' })]);
    assert.equal(taken.filter((claim) => claim !== null).length, 1);
    assert.ok(await claims.take({ ...web, name: 'mail' }));
    await taken[0]?.release();
    assert.ok(await claims.take(web));
  });

  it('give an object to one of several replicas', async () => {
    const shared = new SharedClaims();
    const [one, two] = [new ObjectClaims(shared), new ObjectClaims(shared)];
    const claim = await one.take(web);
    assert.ok(claim);
    assert.equal(await two.take(web), null);
    await claim.release();
    assert.ok(await two.take(web));
  });

  it('are not kept by who could not get them', async () => {
    const shared = new SharedClaims();
    const claims = new ObjectClaims(shared);
    shared.isAway = true;
    await assert.rejects(claims.take(web), /away/);
    shared.isAway = false;
    assert.ok(await claims.take(web));
  });

  it('take names of any length', async () => {
    const shared = new SharedClaims();
    assert.ok(await new ObjectClaims(shared).take({ ...web, name: 'x'.repeat(253) }));
    for (const name of shared.held) assert.match(name, /^object\/[0-9a-f]{32}$/);
  });
});
