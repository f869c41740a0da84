import assert from 'node:assert/strict';
import { apiPath } from '@dogwatch/kubernetes';

describe('apiPath', () => {
  it('names lists, objects and subresources', () => {
    assert.equal(apiPath({ kind: 'Pod' }), '/api/v1/pods');
    assert.equal(apiPath({ kind: 'Pod', namespace: 'shop' }), '/api/v1/namespaces/shop/pods');
    assert.equal(
      apiPath({ kind: 'Pod', namespace: 'shop', name: 'web', subresource: 'log' }),
      '/api/v1/namespaces/shop/pods/web/log',
    );
    assert.equal(apiPath({ kind: 'Node', namespace: null, name: 'node-1' }), '/api/v1/nodes/node-1');
  });

  it('lets no name climb out of its path', () => {
    assert.equal(
      apiPath({ kind: 'Pod', namespace: '../secrets', name: 'a/b?c' }),
      '/api/v1/namespaces/..%2Fsecrets/pods/a%2Fb%3Fc',
    );
  });

  it('refuses names that mean another folder', () => {
    for (const name of ['', '.', '..']) assert.throws(() => apiPath({ kind: 'Node', name }), /no name of a Kubernetes/);
  });

  it('refuses a kind it does not know, and lists those it knows', () => {
    assert.throws(() => apiPath({ kind: 'Gizmo' }), /no kind 'Gizmo'.*Deployment/);
    assert.throws(() => apiPath({ kind: 'constructor' }), /no kind 'constructor'/);
  });
});
