import assert from 'node:assert/strict';
import { formatPlainText, formatRows, K8sCommand, KubernetesChat, MemoryIncidentLog } from '@dogwatch/core';
import type {
  CallRequest,
  ClusterRegistry,
  IntentContext,
  JsonObject,
  JsonValue,
  ReadTool,
  Runs,
  WriteTool,
} from '@dogwatch/core';
import { ManualClock, MemoryClusterRegistry, MemoryClusterView } from '@dogwatch/testkit';
import { chatRegistry, chatWorld, kubeconfigNames, manyClusters } from './chat-world.js';

const anna = { channelType: 'web', userId: 'anna' };
const schema: JsonObject = { type: 'object' };
const namespaces = ['shop', 'production', 'staging', 'prod', 'prod-eu', 'empty'];

describe('the chat about clusters', () => {
  let calls: { name: string; input: JsonObject }[];
  let requests: CallRequest[];
  let topic: JsonObject | null;
  let chat: KubernetesChat;
  let watch: (registry: ClusterRegistry) => KubernetesChat;

  function reading(name: string, output: JsonValue): ReadTool {
    return {
      name,
      description: name,
      inputSchema: schema,
      effect: 'read',
      execute: (input) => {
        calls.push({ name, input });
        return Promise.resolve(output);
      },
    };
  }

  async function say(text: string): Promise<string> {
    const destination = { channelType: 'web', room: 'console' };
    const context: IntentContext = {
      message: { ...anna, text, metadata: { destination, messageId: 'm1' } },
      actor: anna,
      conversation: 'c',
      topic,
      remember: (next) => {
        topic = next;
        return Promise.resolve();
      },
    };
    const ask = chat.understand(text, topic);
    assert.ok(ask !== null, `'${text}' was not understood.`);
    return (await chat.answer(ask, context)).map(formatPlainText).join('\n');
  }

  beforeEach(() => {
    calls = [];
    requests = [];
    topic = null;
    const pod = { namespace: 'production', name: 'checkout-7d9f-x2kqp', status: 'CrashLoopBackOff', restarts: 7 };
    const runs = {
      request: (request: CallRequest) => {
        requests.push(request);
        return Promise.resolve({ ok: false, reason: 'asked' });
      },
    } as unknown as Runs;
    const scale = { name: 'k8s_scale_deployment', effect: 'write', inputSchema: schema } as unknown as WriteTool;
    const restart = { name: 'k8s_restart_deployment', effect: 'write', inputSchema: schema } as unknown as WriteTool;
    const tools = [
      reading('k8s_get_pods', { pods: [pod], total: 1, isCut: false }),
      reading('k8s_get_namespaces', { namespaces: namespaces.map((name) => ({ name })), isCut: false }),
      reading('k8s_get_logs', { text: 'boom\n', isCut: false }),
      scale,
      restart,
    ];
    watch = (registry) => new KubernetesChat(registry, runs, new MemoryIncidentLog(), new ManualClock(), tools);
    chat = watch(chatRegistry());
  });

  it('asks for the approval of a change in the name of who wrote, once per message, and changes nothing itself', async () => {
    assert.equal(await say('scale web to three'), 'asked');
    assert.deepEqual(requests, [
      {
        call: {
          tool: 'k8s_scale_deployment',
          arguments: { cluster: 'homelab', namespace: 'shop', name: 'web', replicas: 3 },
        },
        requestedBy: anna,
        reason: 'web:anna wrote "scale web to three"',
        cause: 'message/web/console/m1',
      },
    ]);
    assert.deepEqual(calls, []);
  });

  it('asks which one is meant where a name runs in several namespaces', async () => {
    assert.match(await say('restart checkout'), /production, shop, staging\. Say in which/);
    assert.deepEqual(requests, []);
  });

  it('says honestly that a tool is not installed, and which are', async () => {
    assert.match(await say('drain node-2'), /'k8s_drain_node' is not installed.*k8s_restart_deployment, k8s_scale/);
    assert.deepEqual(requests, []);
  });

  it('suggests the nearest namespace and name', async () => {
    assert.match(await say('show pods in prodction'), /no namespace 'prodction'. Did you mean 'production'/);
    assert.match(await say('restart chekout in shop'), /Did you mean 'checkout'/);
    assert.deepEqual(requests, []);
  });

  it('goes on from the last answer: another place, another state, and "its"', async () => {
    await say('show error pods in production');
    assert.deepEqual(calls.at(-1)?.input, {
      cluster: 'homelab',
      namespace: 'production',
      limit: 500,
      state: 'failing',
    });
    await say('and in staging?');
    assert.deepEqual(calls.at(-1)?.input['namespace'], 'staging');
    await say('only the pending ones');
    assert.deepEqual(calls.at(-1)?.input['state'], 'pending');
    assert.match(await say('show its logs'), /boom/);
    assert.equal(calls.at(-1)?.input['name'], 'checkout-7d9f-x2kqp');
    await say('restart it');
    assert.deepEqual(requests[0]?.call.arguments, { cluster: 'homelab', namespace: 'production', name: 'checkout' });
  });

  it('finds a cluster by whatever name a kubeconfig gives it, capitals or not', async () => {
    chat = watch(manyClusters());
    for (const name of ['homelab', ...kubeconfigNames]) {
      for (const typed of [name, name.toLowerCase(), name.toUpperCase()]) {
        await say(`show pods --context ${typed}`);
        assert.equal(calls.at(-1)?.input['cluster'], name, typed);
        await say(`show pods on cluster ${typed}`);
        assert.equal(calls.at(-1)?.input['cluster'], name, typed);
        await say(`show pods on ${typed}`);
        assert.equal(calls.at(-1)?.input['cluster'], name, typed);
      }
    }
    await say('scale Web to 3 on cluster HomeLab');
    assert.equal(requests[0]?.call.arguments['cluster'], 'homelab');
    assert.match(
      await say('show pods on cluster gke_shop_europe-west1_Mian'),
      /Did you mean 'gke_shop_europe-west1_Main'/,
    );
  });

  it('asks rather than guesses between clusters that differ in capitals only', async () => {
    chat = watch(new MemoryClusterRegistry(chatWorld(), new MemoryClusterView('HomeLab')));
    assert.match(await say('restart web on cluster homelab'), /'homelab' and 'HomeLab' differ in their capitals only/);
    assert.deepEqual(requests, []);
  });

  it('changes no Deployment where another kind, or two namespaces, were named', async () => {
    assert.match(await say('restart statefulset web'), /'web' is said to be a StatefulSet/);
    assert.match(await say('restart shop/web in prod'), /in 'shop' or in 'prod'/);
    assert.deepEqual(requests, []);
  });

  it('takes no weighing of a change for the wish to have it', async () => {
    await say('show logs of web in shop');
    for (const text of ['what about restarting it?', 'how about restart it', 'restart it?', 'and restart it?']) {
      assert.equal(chat.understand(text, topic), null, text);
    }
    assert.equal(chat.understand('and restart it', topic)?.kind, 'change');
    assert.equal(chat.understand('please restart it?', topic)?.kind, 'change');
  });

  it('shows the log of the container that was named, and says which there are', async () => {
    const answer = async (line: string): Promise<string> => {
      const message = {
        ...anna,
        text: '',
        metadata: { destination: { channelType: 'web', room: 'r' }, messageId: null },
      };
      const remember = (): Promise<void> => Promise.resolve();
      const context = { message, actor: anna, conversation: '', topic: null, remember };
      const replies = await new K8sCommand(chat).run({ words: line.split(' '), actor: anna, context });
      return replies.map(formatPlainText).join('\n');
    };
    assert.match(await answer('logs web -c app -f'), /boom[^]*cannot follow/);
    assert.equal(calls.at(-1)?.input['container'], 'app');
    assert.match(await answer('logs web -c sidecar'), /no container 'sidecar'. It has: app\./);
  });

  it('takes no follow-up for one when nothing was spoken of', () => {
    for (const text of ['and in staging?', 'show its logs', 'restart it', 'only the failing ones']) {
      assert.equal(chat.understand(text, null), null, text);
    }
  });

  it('answers in rows that fit a phone, and says how many more there are', () => {
    const long = 'payments-worker-6c5f9d7b8-x7k2p';
    const rows = Array.from({ length: 20 }, (_, index) => [`${long}${index}`, 'CrashLoopBackOff', '0/1']);
    const text = formatRows({ header: ['POD', 'STATUS', 'READY'], rows, total: 31 });
    assert.ok(text.split('\n').every((line) => line.length <= 40));
    assert.match(text, /and 19 more$/);
  });
});
