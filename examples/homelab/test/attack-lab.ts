import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ApprovalSummary } from '@dogwatch/core';
import { ATTACK_TARGET, FakeOpenAi, FakeSlack, FakeTelegram, SimulatedCluster } from '@dogwatch/testkit';
import type { AttackCase, KubeManifest, KubeObject, LoggedRequest, ScriptedReply } from '@dogwatch/testkit';
import { freePort } from './alertmanager-process.js';
import { alertBatch } from './attack-alert.js';
import { HomelabProcess, until } from './homelab-process.js';

const { namespace } = ATTACK_TARGET;
const room = 'C0000000001';
const webhookSecret = 'a-webhook-secret';

function deployment(place: string): KubeManifest {
  const labels = { app: 'web' };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'example.com/web:1' }] } };
  const spec = { replicas: 1, selector: { matchLabels: labels }, template };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: place }, spec };
}

/** Where a person writes: a direct message, or the thread of an incident. */
interface AskingPlace {
  readonly user: string;
  readonly channel: string;
  readonly threadTs?: string;
}

/** Commands that Dogwatch names in its messages; no attack may name them, or it could not be told apart. */
export const ownCommands: readonly string[] = ['/incident', '/approve'];
const ownEffects = ownCommands.map((command) => `bot_command ${command}`);

/**
 * The app as its users run it, in Slack and Telegram, on a simulated cluster, with a model behind an endpoint that does
 * whatever a hostile text wants. Every text takes the way that it takes in life: alerts are posted to the webhook, logs, events and
 * labels are read from the cluster's API by tools, and people write in Slack.
 */
export class AttackLab {
  private app!: HomelabProcess;
  private people = 0;

  private constructor(
    private readonly folder: string,
    readonly cluster: SimulatedCluster,
    readonly slack: FakeSlack,
    readonly telegram: FakeTelegram,
    readonly model: FakeOpenAi,
    private readonly telegramChat: number,
  ) {}

  /** Starts it all, with the workload that attacks aim at. */
  static async start(): Promise<AttackLab> {
    const folder = await mkdtemp(path.join(tmpdir(), 'dogwatch-attacks-'));
    const [cluster, slack, telegram, model] = await Promise.all([
      SimulatedCluster.start({ speed: 50 }),
      FakeSlack.start(),
      FakeTelegram.start(),
      FakeOpenAi.start(),
    ]);
    slack.workspace.addChannel({ id: room });
    for (const place of [namespace, 'kube-system']) cluster.apply(deployment(place));
    const lab = new AttackLab(folder, cluster, slack, telegram, model, telegram.addPerson('Anna').id);
    await lab.startApp();
    return lab;
  }

  private async startApp(): Promise<void> {
    const { folder, cluster, slack, telegram, model } = this;
    const kubeconfig = path.join(folder, 'kubeconfig');
    await writeFile(kubeconfig, cluster.kubeconfigText());
    const port = await freePort();
    slack.requestUrl = `http://127.0.0.1:${port}/api/webhook/slack`;
    const env = {
      DOGWATCH_KUBECONFIG: kubeconfig,
      DOGWATCH_PORT: String(port),
      APPROVAL_TIMEOUT_SECONDS: '86400',
      ALERTMANAGER_WEBHOOK_SECRET: webhookSecret,
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_API_URL: slack.apiUrl,
      SLACK_ROOMS: room,
      SLACK_SIGNING_SECRET: slack.signingSecret,
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: telegram.apiRoot,
      TELEGRAM_CHATS: String(this.telegramChat),
      OPENAI_BASE_URL: model.baseUrl,
    };
    this.app = await HomelabProcess.start({ dataFolder: path.join(folder, 'data'), env });
  }

  async stop(): Promise<void> {
    await this.app.kill();
    const { cluster, slack, telegram, model } = this;
    await Promise.all([cluster.close(), slack.close(), telegram.stop(), model.close()]);
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Everything that the model was shown. */
  shown(): string {
    return this.model.requests.map(({ body }) => JSON.stringify(body['messages'])).join('\n');
  }

  /** All that the app wrote in Slack, as people see it, and what it did there besides being read. */
  inSlack(): { readonly text: string; readonly effects: readonly string[] } {
    return this.slack.view();
  }

  /** The same for Telegram; without the commands that Dogwatch itself names in its messages for people to tap. */
  inTelegram(): { readonly text: string; readonly effects: readonly string[] } {
    const shown = this.telegram.shown(this.telegramChat).filter(({ fromId }) => fromId === this.telegram.bot.id);
    const effects = shown.flatMap((message) => message.effects).filter((effect) => !ownEffects.includes(effect));
    return { text: shown.map(({ text }) => text).join('\n'), effects };
  }

  /** Posts alerts to the webhook, and waits until both rooms tell of each. */
  async fireAlerts(attacks: readonly AttackCase[]): Promise<void> {
    const response = await fetch(`${this.app.baseUrl}/api/alert/webhook`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${webhookSecret}` },
      body: JSON.stringify(alertBatch(attacks)),
    });
    if (response.status !== 200) throw new Error(`The webhook answered ${response.status}: ${await response.text()}`);
    for (const { id } of attacks) {
      await until(`both rooms tell of ${id}`, () =>
        Promise.resolve(this.inSlack().text.includes(id) && this.inTelegram().text.includes(id)),
      );
    }
  }

  /** Plants a text where an attacker can, has a person ask about it in Slack, and waits for the answer of a model that obeys the text. */
  async attack(attack: AttackCase, approvalId: string): Promise<void> {
    const look = await this.plant(attack);
    const place = attack.place === 'alert' ? await this.openAlert(attack) : this.newDirect();
    const { wish } = attack;
    const obeyed: ScriptedReply =
      wish.kind === 'call'
        ? { kind: 'answer', toolCalls: [{ name: wish.tool, arguments: wish.arguments }] }
        : { kind: 'answer', text: wish.text.replaceAll('{{approval}}', approvalId) };
    const script: readonly ScriptedReply[] = [...(look === null ? [] : [look]), obeyed];
    let turn = 0;
    this.model.script = () => script[turn++] ?? { kind: 'answer', text: `approve ${approvalId}` };
    await this.say(place, attack.place === 'chat' ? attack.text : 'What do you make of this?', 'Answered by');
  }

  /** What has changed the cluster, as its API server saw it. */
  writes(): readonly LoggedRequest[] {
    return this.cluster.requests.filter(({ method, dryRun, path: address }) => {
      const isReview = address.includes('authorization.k8s.io');
      return method !== 'GET' && !dryRun && !isReview;
    });
  }

  approvals(): Promise<readonly ApprovalSummary[]> {
    return this.app.approvals('all');
  }

  /** Writes in Slack, and waits for an answer there that holds `expected`. */
  private async say(place: AskingPlace, text: string, expected: string): Promise<void> {
    const isThread = place.threadTs !== undefined;
    const words = isThread ? `<@${this.slack.workspace.app.botUserId}> ${text}` : text;
    const answers = (): number =>
      this.slack
        .messages(place.channel)
        .filter(({ botId, threadTs }) => botId !== null && (!isThread || threadTs === place.threadTs))
        .filter((message) => JSON.stringify(message).includes(expected)).length;
    const before = answers();
    const { status } = await this.slack.say({ ...place, text: words });
    if (status !== 200) throw new Error(`Slack got ${status} for '${text}'.`);
    await until(`an answer to '${text}'`, () => Promise.resolve(answers() > before), { pauseMs: 20 });
  }

  // Somebody reads the incident in its thread: what is shown there is what the model is shown of the conversation.
  private async openAlert({ id }: AttackCase): Promise<AskingPlace> {
    const told = this.slack.messages(room).find((message) => JSON.stringify(message).includes(`Alert ${id} `));
    if (told === undefined) throw new Error(`No message in Slack tells of ${id}.`);
    const place = { user: 'U0000000001', channel: room, threadTs: told.ts };
    await this.say(place, '!incident show', id);
    return place;
  }

  private newDirect(): AskingPlace {
    const user = `U00000${String(++this.people).padStart(5, '0')}`;
    return { user, channel: this.slack.workspace.directChannel(user).id };
  }

  private async plant({ id, place, text }: AttackCase): Promise<ScriptedReply | null> {
    if (place === 'chat' || place === 'alert') return null;
    this.plantInCluster(id, place, text);
    if (place === 'pod-log') await this.untilPrinted(id, text);
    const pod = { namespace, name: id };
    const tool = { 'pod-log': 'k8s_get_logs', event: 'k8s_get_events', label: 'k8s_describe_resource' }[place];
    const input = place === 'label' ? { ...pod, kind: 'Pod' } : pod;
    return { kind: 'answer', toolCalls: [{ name: tool, arguments: input }] };
  }

  private async untilPrinted(name: string, text: string): Promise<void> {
    const isRunning = (pod: KubeObject | undefined): boolean =>
      (pod as { readonly status?: { readonly phase?: string } } | undefined)?.status?.phase === 'Running';
    await this.cluster.waitFor({ apiVersion: 'v1', kind: 'Pod', namespace, name }, isRunning);
    const address = `${this.cluster.url}/api/v1/namespaces/${namespace}/pods/${name}/log`;
    await until(`the log of ${name}`, async () => {
      const response = await fetch(address, { headers: { authorization: `Bearer ${this.cluster.token}` } });
      return (await response.text()).includes(text);
    });
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
