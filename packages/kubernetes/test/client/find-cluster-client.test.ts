import assert from 'node:assert/strict';
import { KubeConfig } from '@kubernetes/client-node';
import { ClusterClient, findClusterClient } from '@dogwatch/kubernetes';
import { ManualClock } from '@dogwatch/testkit';

describe('findClusterClient', () => {
  const one = new ClusterClient('one', new KubeConfig(), new ManualClock());
  const two = new ClusterClient('two', new KubeConfig(), new ManualClock());

  it('takes the only cluster when none is named', () => {
    assert.equal(findClusterClient([one]), one);
  });

  it('asks for a name when there are several', () => {
    assert.throws(() => findClusterClient([one, two]), /Say which cluster.*'one', 'two'/);
  });

  it('lists the known names for an unknown one', () => {
    assert.equal(findClusterClient([one, two], 'two'), two);
    assert.throws(() => findClusterClient([one, two], 'three'), /no cluster 'three'.*'one', 'two'/);
  });
});
