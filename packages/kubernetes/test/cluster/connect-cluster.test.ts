import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connectCluster, type ClusterConnection } from '@dogwatch/kubernetes';

const kubeconfig = {
  'current-context': 'home',
  clusters: [
    { name: 'home', cluster: { server: 'https://127.0.0.1:6443' } },
    { name: 'plain', cluster: { server: 'http://127.0.0.1:8080' } },
    { name: 'odd', cluster: { server: 'localhost' } },
  ],
  users: [{ name: 'me', user: { token: 'token-1' } }],
  contexts: [
    { name: 'home', context: { cluster: 'home', user: 'me' } },
    { name: 'work', context: { cluster: 'home', user: 'me' } },
    { name: 'half', context: { cluster: 'nowhere', user: 'me' } },
    { name: 'nobody', context: { cluster: 'home', user: 'nobody' } },
    { name: 'plain', context: { cluster: 'plain', user: 'me' } },
    { name: 'odd', context: { cluster: 'odd', user: 'me' } },
  ],
};

describe('connectCluster', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'dogwatch-kubeconfig-'));
    file = path.join(folder, 'config');
    writeFileSync(file, JSON.stringify(kubeconfig));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const from = (overrides: Partial<ClusterConnection> = {}): ClusterConnection => ({
    name: null,
    source: 'kubeconfig',
    kubeconfig: file,
    context: null,
    ...overrides,
  });
  const outside = { isInPod: false };

  it('takes the current context of the named kubeconfig, and its name for the cluster', () => {
    const { name, kubeConfig } = connectCluster(from(), outside);
    assert.equal(name, 'home');
    assert.equal(kubeConfig.getCurrentCluster()?.server, 'https://127.0.0.1:6443');
  });

  it('takes another context, and a name of its own, when they are given', () => {
    assert.equal(connectCluster(from({ context: 'work' }), outside).name, 'work');
    assert.equal(connectCluster(from({ context: 'work', name: 'homelab' }), outside).name, 'homelab');
  });

  for (const [what, connection, expected] of [
    ['an unknown context', { context: 'wrok' }, /'[^']*config' has no context 'wrok'.*'home', 'work'/],
    ['a context of an unknown cluster', { context: 'half' }, /no cluster 'nowhere', which its context 'half'/],
    ['a context of an unknown user', { context: 'nobody' }, /no user 'nobody'/],
    ['a server that is no URL', { context: 'odd' }, /server 'localhost', no URL/],
    ['a server without TLS', { context: 'plain' }, /'plain' a server without TLS.*insecure-skip-tls-verify/],
    ['no kubeconfig', { kubeconfig: null }, /Set DOGWATCH_KUBECONFIG/],
    [
      'a kubeconfig that is not there',
      { kubeconfig: '/no/such/file' },
      /'\/no\/such\/file' cannot be read: there is no/,
    ],
  ] as const) {
    it(`refuses ${what}`, () => {
      assert.throws(() => connectCluster(from(connection), outside), matching(expected));
    });
  }

  it('refuses a file that is no kubeconfig', () => {
    for (const text of ['clusters: {', 'just words', '[]', 'null', 'clusters: 7']) {
      writeFileSync(file, text);
      assert.throws(() => connectCluster(from(), outside), matching(/The kubeconfig '.*config'/));
    }
  });

  it('refuses to guess a context', () => {
    writeFileSync(file, JSON.stringify({ ...kubeconfig, 'current-context': undefined }));
    assert.throws(
      () => connectCluster(from(), outside),
      matching(/names no current context. Set DOGWATCH_CONTEXT.*'work'/),
    );
  });

  it('takes the simulated cluster from whoever brings it, as text or object', () => {
    for (const simulatedKubeconfig of [kubeconfig, JSON.stringify(kubeconfig)]) {
      const { name, kubeConfig } = connectCluster(from({ source: 'simulated' }), { ...outside, simulatedKubeconfig });
      assert.equal(name, 'simulated');
      assert.equal(kubeConfig.getCurrentUser()?.token, 'token-1');
    }
  });

  it('says when there is no simulated cluster, or no pod to be in', () => {
    assert.throws(
      () => connectCluster(from({ source: 'simulated' }), outside),
      matching(/brings no simulated cluster/),
    );
    assert.throws(() => connectCluster(from({ source: 'in-cluster' }), outside), matching(/this is no pod/));
  });

  function matching(expected: RegExp): (error: unknown) => boolean {
    return (error) => {
      assert.equal((error as { code?: string }).code, 'DW_KUBERNETES_CONFIG_INVALID');
      assert.match((error as Error).message, expected);
      return true;
    };
  }
});
