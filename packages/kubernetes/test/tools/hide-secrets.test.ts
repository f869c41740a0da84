import assert from 'node:assert/strict';
import type { JsonObject } from '@dogwatch/core';
import { hideSecrets } from '@dogwatch/kubernetes';

const applied = 'kubectl.kubernetes.io/last-applied-configuration';

describe('hideSecrets', () => {
  it('shows of a Secret the names and sizes of its entries, nothing of what is in them', () => {
    const secret: JsonObject = {
      kind: 'Secret',
      metadata: { name: 'db', annotations: { [applied]: '{"data":{"password":"aHVudGVyMg=="}}', owner: 'anna' } },
      type: 'Opaque',
      data: { password: 'aHVudGVyMg==' },
      stringData: { password: 'hunter2' },
    };
    const shown = hideSecrets(secret);
    assert.doesNotMatch(JSON.stringify(shown), /hunter2|aHVudGVyMg/);
    assert.deepEqual(shown['data'], { password: '[hidden] 12 characters' });
    assert.deepEqual(shown['metadata'], { name: 'db', annotations: { owner: 'anna' } });
  });

  it('hides variables and entries whose names say that they are credentials, and no others', () => {
    const env = [
      { name: 'DB_PASSWORD', value: 'hunter2' },
      { name: 'API-TOKEN', value: 'hunter2' },
      { name: 'LOG_LEVEL', value: 'info' },
      { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } },
    ];
    const pod = hideSecrets({ kind: 'Pod', metadata: {}, spec: { containers: [{ name: 'web', env }] } });
    assert.doesNotMatch(JSON.stringify(pod), /hunter2/);
    assert.match(JSON.stringify(pod), /"value":"info".*"secretKeyRef"/);
    const map = hideSecrets({ kind: 'ConfigMap', metadata: {}, data: { 'db.password': 'hunter2', color: 'blue' } });
    assert.deepEqual(map['data'], { 'db.password': '[hidden]', color: 'blue' });
  });

  it('leaves out the bookkeeping of the API server', () => {
    const shown = hideSecrets({
      kind: 'Pod',
      metadata: { name: 'a', managedFields: [{}], annotations: { [applied]: '' } },
    });
    assert.deepEqual(shown['metadata'], { name: 'a' });
  });
});
