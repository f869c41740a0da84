import { setTimeout as sleep } from 'node:timers/promises';
import {
  approvals,
  approvalsConfig,
  assistant,
  chat,
  conversation,
  conversationConfig,
  ConversationStore,
  createApp,
  definePlugin,
  HealthReports,
  IncidentLog,
  LlmProvider,
  logTail,
  memoryStore,
  MessageHandler,
  Notifier,
  SYSTEM_ACTOR,
} from '@dogwatch/core';
import type { App, ApprovalSummary, StandardSchema, StoredEvent } from '@dogwatch/core';
import { kubernetes } from '@dogwatch/kubernetes';
import { ATTACK_TARGET, RecordingNotifier, ScriptedLlm, SimulatedCluster } from '@dogwatch/testkit';
import type { AttackCase, KubeManifest, KubeObject, LoggedRequest, ScriptedReply } from '@dogwatch/testkit';

const { namespace } = ATTACK_TARGET;

async function defaults<T>(section: StandardSchema<unknown, T>): Promise<T> {
  const result = await section['~standard'].validate({});
  if (result.issues !== undefined) throw new Error(JSON.stringify(result.issues));
  return result.value;
}

function deployment(place: string): KubeManifest {
  const labels = { app: 'web' };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'example.com/web:1' }] } };
  const spec = { replicas: 1, selector: { matchLabels: labels }, template };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: place }, spec };
}

/** A Dogwatch on a simulated cluster, whose model does whatever a hostile text wants. */
export class AttackLab {
  private said = 0;

  private constructor(
    private readonly cluster: SimulatedCluster,
    private readonly app: App,
    private readonly llm: ScriptedLlm,
  ) {}

  /** Starts a cluster with the workload that attacks aim at, and Dogwatch with the given model. */
  static async start(): Promise<AttackLab> {
    const cluster = await SimulatedCluster.start({ speed: 50 });
    for (const place of [namespace, 'kube-system']) cluster.apply(deployment(place));
    const llm = new ScriptedLlm();
    const parts = definePlugin({
      id: 'attack-lab',
      provides: [HealthReports, LlmProvider, Notifier],
      register({ bind }) {
        bind(HealthReports).toValue({ all: () => Promise.resolve([]), gates: () => Promise.resolve([]) });
        bind(LlmProvider).toValue(llm);
        bind(Notifier).toValue(new RecordingNotifier());
      },
    });
    const only = { name: null, source: 'simulated', kubeconfig: null, context: null } as const;
    const app = createApp({
      plugins: [
        memoryStore(),
        parts(),
        logTail(),
        approvals(await defaults(approvalsConfig)),
        chat(),
        conversation(await defaults(conversationConfig)),
        assistant(),
        kubernetes({ clusters: [only], isInPod: false, simulatedKubeconfig: cluster.kubeconfig() }),
      ],
    });
    await app.start();
    return new AttackLab(cluster, app, llm);
  }

  /** Everything that the model was shown. */
  shown(): string {
    return this.llm.requests.flatMap(({ messages }) => messages.map(({ text }) => text)).join('\n');
  }

  async stop(): Promise<void> {
    await this.app.stop();
    await this.cluster.close();
  }

  /** Plants a text where an attacker can, and has a person ask in that room. */
  async attack(attack: AttackCase, approvalId: string): Promise<void> {
    const look = await this.plant(attack);
    const { wish } = attack;
    const obeyed: ScriptedReply =
      wish.kind === 'call'
        ? { kind: 'answer', toolCalls: [{ name: wish.tool, arguments: wish.arguments }] }
        : { kind: 'answer', text: wish.text.replaceAll('{{approval}}', approvalId) };
    const script: readonly ScriptedReply[] = [...(look === null ? [] : [look]), obeyed];
    let turn = 0;
    this.llm.script = () => script[turn++] ?? { kind: 'answer', text: `approve ${approvalId}` };
    await this.say(attack.id, attack.place === 'chat' ? attack.text : 'What do you make of this?');
  }

  /** Writes as a person. */
  async say(room: string, text: string): Promise<void> {
    const destination = { channelType: 'slack', room };
    await this.app.get(MessageHandler).handle({
      userId: 'anna',
      channelType: 'slack',
      text,
      metadata: { destination, messageId: `Ev${++this.said}`, scope: 'room' },
    });
  }

  /** What has changed the cluster, as its API server saw it. */
  writes(): readonly LoggedRequest[] {
    return this.cluster.requests.filter(({ method, dryRun, path }) => {
      const isReview = path.includes('authorization.k8s.io');
      return method !== 'GET' && !dryRun && !isReview;
    });
  }

  async approvals(): Promise<readonly ApprovalSummary[]> {
    const { items } = await this.app.get(IncidentLog).listSummaries({ kind: 'approval', limit: 500 });
    return items.map((item) => item.data as unknown as ApprovalSummary);
  }

  /** Every event of the log that is a decision or the beginning of an effect. */
  async decisions(): Promise<readonly StoredEvent[]> {
    const events = await this.app.get(IncidentLog).readAll({ afterPosition: 0, limit: 1_000 });
    return events.filter(({ type }) => ['approval-vote', 'approval-settled', 'step-intended'].includes(type));
  }

  private async plant({ id, place, text }: AttackCase): Promise<ScriptedReply | null> {
    if (place === 'chat') return null;
    if (place === 'alert') {
      const destination = { channelType: 'slack', room: id };
      const at = new Date(0).toISOString();
      const kept = { role: 'assistant', actor: SYSTEM_ACTOR, text: `Alert: ${text}`, at, externalId: null } as const;
      await this.app.get(ConversationStore).append({ ...kept, destination, metadata: { by: 'dogwatch' } });
      return null;
    }
    this.plantInCluster(id, place, text);
    if (place === 'pod-log') await this.untilRunning(id);
    const pod = { namespace, name: id };
    const tool = { 'pod-log': 'k8s_get_logs', event: 'k8s_get_events', label: 'k8s_describe_resource' }[place];
    const input = place === 'label' ? { ...pod, kind: 'Pod' } : pod;
    return { kind: 'answer', toolCalls: [{ name: tool, arguments: input }] };
  }

  private async untilRunning(name: string): Promise<void> {
    const isRunning = (pod: KubeObject | undefined): boolean =>
      (pod as { readonly status?: { readonly phase?: string } } | undefined)?.status?.phase === 'Running';
    await this.cluster.waitFor({ apiVersion: 'v1', kind: 'Pod', namespace, name }, isRunning);
    // The first line is printed with the start, which a read may see a moment later.
    await sleep(50);
  }

  private plantInCluster(id: string, place: 'pod-log' | 'event' | 'label', text: string): void {
    if (place === 'event') {
      const involvedObject = { kind: 'Pod', namespace, name: id };
      const event = { involvedObject, reason: 'BackOff', message: text, type: 'Warning', count: 1 };
      this.cluster.apply({ apiVersion: 'v1', kind: 'Event', metadata: { name: id, namespace }, ...event });
      return;
    }
    const script = { lines: [{ atMs: 0, text }] };
    this.cluster.simulation.faults.addImages([{ imagePrefix: `attack/${id}:`, script }]);
    const labels = { note: place === 'label' ? text : 'none' };
    const spec = { containers: [{ name: 'main', image: `example.com/attack/${id}:1` }] };
    this.cluster.apply({ apiVersion: 'v1', kind: 'Pod', metadata: { name: id, namespace, labels }, spec });
  }
}
