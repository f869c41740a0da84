import { randomUUID } from 'node:crypto';
import { inject, injectable, injectEach } from '../di/inject.js';
import { conversationKey } from '../domain/conversation-key.js';
import { formatActor } from '../domain/actor.js';
import { plainMessage } from '../domain/outgoing-message.js';
import type { OutgoingMessage } from '../domain/outgoing-message.js';
import { stripToOneLine } from '../domain/strip-controls.js';
import { isAppError } from '../errors/app-error.js';
import { Clock } from '../ports/clock.js';
import { ConversationStore } from '../ports/conversation-store.js';
import { INTENT_PRIORITIES } from '../ports/intent.js';
import type { Intent, IntentContext } from '../ports/intent.js';
import type { LlmMessage, LlmTool } from '../ports/llm-provider.js';
import { Logger } from '../ports/logger.js';
import { Metrics } from '../ports/metrics.js';
import { Runs } from '../ports/runs.js';
import { Tool } from '../ports/tool.js';
import { ToolCatalog } from '../runs/tool-catalog.js';
import { AnswerTime } from './answer-time.js';
import { buildContext } from './build-context.js';
import { ConversationConfig } from './config.js';
import { CONVERSATION_INTENT } from './conversation-history.js';
import { DraftPacer } from './draft-pacer.js';
import { UntrustedFence } from './fence-untrusted.js';
import { LlmMetrics } from './llm-metrics.js';
import { holdDialogue } from './model-dialogue.js';
import { ModelGate } from './model-gate.js';
import { ModelSelection } from './model-selection.js';
import { renderAnswer } from './render-answer.js';
import { systemPrompt } from './system-prompt.js';
import { modelTools, ToolDesk } from './tool-desk.js';

/** Whatever nothing else understands, given to a language model that may look and ask, never act. */
@injectable()
export class ConversationIntent implements Intent<string> {
  readonly id = CONVERSATION_INTENT;
  readonly priority = INTENT_PRIORITIES.conversation;
  private readonly catalog: ToolCatalog;
  private readonly tools: readonly LlmTool[];
  private readonly metrics: LlmMetrics;

  constructor(
    @inject(ModelGate) private readonly gate: ModelGate,
    @inject(ModelSelection) private readonly selection: ModelSelection,
    @inject(ConversationStore) private readonly store: ConversationStore,
    @inject(Runs) private readonly runs: Runs,
    @inject(ConversationConfig) private readonly config: ConversationConfig,
    @inject(Clock) private readonly clock: Clock,
    @inject(Logger) private readonly logger: Logger,
    @inject(Metrics) metrics: Metrics,
    @injectEach(Tool) tools: readonly Tool[],
  ) {
    this.catalog = new ToolCatalog(tools);
    this.tools = modelTools(tools);
    this.metrics = new LlmMetrics(metrics);
  }

  // A pressed button and a command are for others, also where nobody understood them.
  match(text: string, { message }: IntentContext): string | null {
    return message.metadata.isButton === true || text.startsWith('/') ? null : text;
  }

  async handle(text: string, context: IntentContext): Promise<readonly OutgoingMessage[]> {
    const place = { actor: context.actor, destination: context.message.metadata.destination };
    const { model } = await this.selection.choose(place);
    const time = new AnswerTime(this.clock, this.config.timeoutSeconds * 1_000, context.signal);
    const pacer = new DraftPacer(context.draft, this.clock, this.config.editEverySeconds * 1_000);
    const fence = new UntrustedFence();
    const desk = this.openDesk(text, context, { model, fence });
    try {
      const messages = await this.firstMessages(text, context, fence);
      const { redactSecrets, maxRounds } = this.config;
      const { gate, tools } = this;
      const onAnswer = this.metrics.onAnswer;
      const { actor } = context;
      const parts = { gate, actor, desk, pacer, tools, model, maxRounds, redactSecrets, onAnswer };
      const end = await holdDialogue(messages, parts, time.signal);
      return [renderAnswer(end, { model, asked: desk.asked, maxRounds })];
    } catch (error) {
      this.metrics.failed(model, error);
      return [this.describeFailure(error, { model, time, desk })];
    } finally {
      time.clear();
      await pacer.settled();
    }
  }

  private openDesk(
    text: string,
    { actor, message, conversation }: IntentContext,
    { model, fence }: { readonly model: string; readonly fence: UntrustedFence },
  ): ToolDesk {
    const { catalog, runs, logger, config } = this;
    const cause = `conversation/${conversation}/${message.metadata.messageId ?? randomUUID()}`;
    return new ToolDesk({ catalog, runs, logger, config }, { actor, text, cause, model, fence });
  }

  private async firstMessages(
    text: string,
    { message, actor }: IntentContext,
    fence: UntrustedFence,
  ): Promise<readonly LlmMessage[]> {
    const { historyMessages, historyTokens, instructions } = this.config;
    const { destination, scope = 'direct' } = message.metadata;
    const conversation = conversationKey(destination);
    const earlier =
      historyMessages === 0 ? [] : await this.store.lastMessages({ conversation, limit: historyMessages });
    return [
      { role: 'system', text: systemPrompt(fence, instructions) },
      ...buildContext(earlier, { maxTokens: historyTokens, fence }),
      { role: 'user', text: scope === 'direct' ? text : `${formatActor(actor)} wrote: ${text}` },
    ];
  }

  private describeFailure(
    error: unknown,
    { model, time, desk }: { readonly model: string; readonly time: AnswerTime; readonly desk: ToolDesk },
  ): OutgoingMessage {
    const asked =
      desk.asked.length === 0 ? 'Nothing was changed.' : 'What it asked for waits for approval all the same.';
    if (time.isOver) {
      const seconds = this.config.timeoutSeconds;
      return plainMessage(`The language model '${model}' had no answer after ${seconds} s, so I stopped it. ${asked}`);
    }
    if (time.isStopped) return plainMessage(`I was stopped while I was answering. ${asked} Ask me again.`);
    if (!isAppError(error)) throw error;
    this.logger.warn('conversation.model-failed', 'A language model did not answer', { model, error });
    const commands = 'Commands work without it: /help lists them.';
    const reason = stripToOneLine(error.message);
    return plainMessage(`The language model does not answer now: ${reason} ${asked} ${commands}`, ['/help']);
  }
}
