import {
  ApprovalManager,
  approvals,
  approvalsConfig,
  assistant,
  ChannelAdapter,
  chat,
  Clock,
  conversation,
  conversationConfig,
  ConversationStore,
  createApp,
  definePlugin,
  HealthReports,
  IncidentLog,
  LlmProvider,
  logTail,
  MemoryConversationStore,
  MemoryIncidentLog,
  MemorySessionStore,
  Notifier,
  people,
  SessionStore,
  Tool,
  usersConfig,
} from '@dogwatch/core';
import type { App, ApprovalSummary, LlmMessage, Plugin } from '@dogwatch/core';
import {
  FakeReadTool,
  FakeWorld,
  FakeWriteTool,
  ManualClock,
  RecordingLogger,
  RecordingMetrics,
  RecordingNotifier,
  ScriptedLlm,
  SequenceIds,
} from '@dogwatch/testkit';
import type { LlmScript, ScriptedReply } from '@dogwatch/testkit';
import { CheckedHealthReports } from '../../dist/health/health-reports.js';
import { FakeChannel } from '../chat/fake-channel.js';
import type { Written } from '../chat/fake-channel.js';

/** A channel where the settings say who can write. */
class NamedChannel extends FakeChannel {
  readonly audience = 'named';
}

/** A chat with a scripted model, in which everything but the model and the channel is real. */
export class TalkLab {
  readonly clock = new ManualClock();
  readonly log = new MemoryIncidentLog();
  readonly store = new MemoryConversationStore();
  readonly sessions = new MemorySessionStore(this.clock);
  readonly world = new FakeWorld();
  readonly logger = new RecordingLogger();
  readonly metrics = new RecordingMetrics();
  readonly ids = new SequenceIds();
  readonly llm = new ScriptedLlm([], ['small-1', 'large-1', 'other-1']);
  channel = new NamedChannel('slack');
  tools: Tool[] = [
    new FakeWriteTool(this.world, { name: 'fake_drain_node', effect: 'destructive', risk: 'high' }),
    new FakeWriteTool(this.world, { name: 'fake_restart', risk: 'low' }),
  ];
  settings: object = {};
  approvalSettings: object = {};
  users: readonly object[] = [];
  private app: App | null = null;
  private deliveries = 0;

  constructor() {
    this.world.add('web', 'old');
  }

  /** Adds a reading tool. */
  read(name: string, answer: ConstructorParameters<typeof FakeReadTool>[1]): FakeReadTool {
    const tool = new FakeReadTool(name, answer);
    this.tools.push(tool);
    return tool;
  }

  /** Starts it all; a second time, a new process on the same stores. */
  async boot(script: LlmScript | readonly ScriptedReply[] = []): Promise<void> {
    await this.stop();
    this.llm.requests.length = 0;
    this.llm.script =
      typeof script === 'function' ? script : (_request, turn) => script[turn] ?? { kind: 'answer', text: 'No more.' };
    this.channel = new NamedChannel('slack');
    this.app = createApp({
      plugins: await this.plugins(),
      core: { clock: this.clock, idGenerator: this.ids, logger: this.logger, metrics: this.metrics },
    });
    await this.app.start();
  }

  async stop(): Promise<void> {
    const { app } = this;
    this.app = null;
    if (app === null) return;
    const stopped = app.stop();
    await this.clock.flush();
    await stopped;
  }

  /** Writes in the channel; answers what stands there afterwards and did not before. */
  async say(text: string, written: Partial<Written> = {}): Promise<string> {
    const before = this.channel.posts.length;
    await this.channel.write({ text, ...written });
    return this.channel.posts
      .slice(before)
      .map(({ message }) => [message.text, ...message.facts.map((fact) => `${fact.label}: ${fact.value}`)].join('\n'))
      .join('\n');
  }

  /** Delivers a message with an id of its own, which is worked on after it was taken. */
  deliver(text: string, written: Partial<Written> = {}): Promise<void> {
    return this.channel.write({ text, messageId: `Ev${++this.deliveries}`, ...written });
  }

  /** What the model was shown in a request, as one text per message. */
  seen(request = this.llm.requests.length - 1): readonly string[] {
    return (this.llm.requests[request]?.messages ?? []).map(shown);
  }

  get manager(): ApprovalManager {
    if (this.app === null) throw new Error('Nothing is booted.');
    return this.app.get(ApprovalManager);
  }

  /** What one part says of itself in `/health`. */
  async health(name: string): Promise<{ readonly status: string; readonly message: string } | null> {
    if (this.app === null) throw new Error('Nothing is booted.');
    const report = (await this.app.get(HealthReports).all()).find((one) => one.name === name);
    return report === undefined ? null : { status: report.status, message: report.message };
  }

  async approvals(): Promise<readonly ApprovalSummary[]> {
    const page = await this.log.listSummaries({ kind: 'approval' });
    return page.items.map((item) => item.data as unknown as ApprovalSummary);
  }

  /** Lets everything run that waits for nothing but its turn. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 6; turn++) await this.clock.flush();
  }

  private async plugins(): Promise<readonly Plugin[]> {
    const lab = definePlugin({
      id: 'lab',
      requires: [Clock],
      provides: [IncidentLog, Notifier, LlmProvider, ConversationStore, SessionStore, HealthReports],
      register: ({ bind, contribute }) => {
        bind(HealthReports).toClass(CheckedHealthReports);
        bind(IncidentLog).toValue(this.log);
        bind(Notifier).toValue(new RecordingNotifier());
        bind(LlmProvider).toValue(this.llm);
        bind(ConversationStore).toValue(this.store);
        bind(SessionStore).toValue(this.sessions);
        contribute(ChannelAdapter).value(this.channel);
        for (const tool of this.tools) contribute(Tool).value(tool);
      },
    });
    return [
      lab(),
      logTail(),
      people(await valid(usersConfig, this.users)),
      approvals(await valid(approvalsConfig, this.approvalSettings)),
      chat(),
      conversation(await valid(conversationConfig, this.settings)),
      assistant(),
    ];
  }
}

function shown(message: LlmMessage): string {
  return `${message.role}: ${message.text}`;
}

interface Validated<T> {
  readonly '~standard': {
    validate(value: unknown): Promise<Outcome<T>> | Outcome<T>;
  };
}

type Outcome<T> = { readonly value: T; readonly issues?: undefined } | { readonly issues: readonly unknown[] };

async function valid<T>(section: Validated<T>, settings: object): Promise<T> {
  const result = await section['~standard'].validate(settings);
  if (result.issues !== undefined) throw new Error(JSON.stringify(result.issues));
  return result.value;
}
