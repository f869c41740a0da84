import assert from 'node:assert/strict';
import { loadConfig } from '@dogwatch/core';
import { kubernetesConfig, type KubernetesConfig } from '@dogwatch/kubernetes';

async function load(env: Record<string, string>): Promise<KubernetesConfig> {
  const loaded = await loadConfig(null, { kubernetes: kubernetesConfig }, env);
  return loaded.kubernetes;
}

function sources(config: KubernetesConfig): string[] {
  return config.clusters.map((cluster) => cluster.source);
}

describe('kubernetesConfig', () => {
  it('watches the simulated cluster when nobody names another', async () => {
    assert.deepEqual((await load({})).clusters, [{ name: null, source: 'simulated', kubeconfig: null, context: null }]);
  });

  it('never takes the kubeconfig of the machine', async () => {
    assert.deepEqual(sources(await load({ KUBECONFIG: '/home/me/.kube/config', HOME: '/home/me' })), ['simulated']);
  });

  it('watches the kubeconfig that is named, with its context', async () => {
    const config = await load({ DOGWATCH_KUBECONFIG: '/etc/kubeconfig', DOGWATCH_CONTEXT: 'work' });
    const expected = { name: null, source: 'kubeconfig', kubeconfig: '/etc/kubeconfig', context: 'work' };
    assert.deepEqual(config.clusters, [expected]);
  });

  it('watches its own cluster in a pod', async () => {
    const config = await load({ KUBERNETES_SERVICE_HOST: '10.0.0.1' });
    assert.deepEqual(sources(config), ['in-cluster']);
    assert.equal(config.isInPod, true);
  });

  it('does what DOGWATCH_CLUSTER says before anything else', async () => {
    const env = { KUBERNETES_SERVICE_HOST: '10.0.0.1', DOGWATCH_KUBECONFIG: '/etc/kubeconfig' };
    assert.deepEqual(sources(await load({ ...env, DOGWATCH_CLUSTER: 'simulated' })), ['simulated']);
    assert.deepEqual(sources(await load(env)), ['kubeconfig']);
  });

  for (const [env, expected] of [
    [{ DOGWATCH_CLUSTER: 'kubernetes' }, /DOGWATCH_CLUSTER/],
    [{ DOGWATCH_CLUSTER: 'kubeconfig' }, /DOGWATCH_KUBECONFIG/],
    [{ DOGWATCH_CONTEXT: 'work' }, /set DOGWATCH_KUBECONFIG too/],
  ] as const) {
    it(`refuses ${JSON.stringify(env)}`, async () => {
      await assert.rejects(load(env), expected);
    });
  }

  it('takes several clusters with a name each', async () => {
    const schema = kubernetesConfig['~standard'];
    const result = await schema.validate({
      clusters: [
        { name: 'home', kubeconfig: '/a' },
        { name: 'pod', source: 'in-cluster' },
      ],
    });
    assert.ok(!result.issues);
    assert.deepEqual(
      result.value.clusters.map(({ name, source }) => ({ name, source })),
      [
        { name: 'home', source: 'kubeconfig' },
        { name: 'pod', source: 'in-cluster' },
      ],
    );
  });

  it('refuses two clusters of one name, and a list beside a single one', async () => {
    const { validate } = kubernetesConfig['~standard'];
    const twice = await validate({
      clusters: [
        { name: 'a', kubeconfig: '/a' },
        { name: 'a', kubeconfig: '/b' },
      ],
    });
    assert.match(twice.issues?.[0]?.message ?? '', /name of another cluster too: 'a'/);
    const beside = await validate({ kubeconfig: '/a', clusters: [{ name: 'a', kubeconfig: '/a' }] });
    assert.match(beside.issues?.[0]?.message ?? '', /use one or the other/);
  });
});
