import { inject, injectable, injectEach } from '../di/inject.js';
import { plainMessage } from '../domain/outgoing-message.js';
import type { OutgoingMessage } from '../domain/outgoing-message.js';
import { AppError } from '../errors/app-error.js';
import { People } from '../people/people.js';
import type { ChatCommand, ChatInvocation } from '../ports/chat-command.js';
import { Logger } from '../ports/logger.js';
import { PeopleSource } from '../ports/people-source.js';
import { ChannelModelPolicy } from './channel-model-policy.js';
import { ConversationConfig } from './config.js';
import { MODEL_LEVELS, ModelSelection } from './model-selection.js';
import type { ModelLevel } from './model-selection.js';
import type { SessionPlace } from './session-manager.js';

type SettableLevel = Exclude<ModelLevel, 'system'>;

const levelWords: Readonly<Record<string, SettableLevel>> = {
  here: 'conversation',
  mine: 'person',
  channel: 'channel',
};
const levelNames: Readonly<Record<ModelLevel, string>> = {
  conversation: 'in this conversation',
  person: 'for you, wherever you write',
  channel: 'in this channel',
  system: 'by default',
};

/** `/model`: which language model answers, and where. */
@injectable()
export class ModelCommand implements ChatCommand {
  readonly name = 'model';
  readonly usage = ['/model', '/model <name|default>', '/model mine <name|default>', '/model channel <name|default>'];
  readonly description = 'Which language model answers: here, for you, or in this channel';
  private readonly policy: ChannelModelPolicy;

  constructor(
    @inject(ModelSelection) private readonly selection: ModelSelection,
    @inject(ConversationConfig) config: ConversationConfig,
    @inject(Logger) private readonly logger: Logger,
    @injectEach(PeopleSource) people: readonly PeopleSource[],
  ) {
    this.policy = new ChannelModelPolicy(new People(people), config);
  }

  async run({ words, actor, context }: ChatInvocation): Promise<readonly OutgoingMessage[]> {
    if (context === undefined) throw new AppError('DW_CHAT_WORD_UNKNOWN', '/model works in a chat only.');
    const place = { actor, destination: context.message.metadata.destination };
    if (words.length === 0) return [await this.describe(place)];
    const [first = '', second] = words;
    const level = Object.hasOwn(levelWords, first.toLowerCase()) ? levelWords[first.toLowerCase()] : undefined;
    const name = level === undefined ? first : second;
    if (name === undefined || words.length > (level === undefined ? 1 : 2)) {
      throw new AppError('DW_CHAT_WORD_UNKNOWN', `Write one of: ${this.usage.join(', ')}.`);
    }
    const chosen = level ?? 'conversation';
    const refusal = chosen === 'channel' ? this.policy.findRefusal(actor) : null;
    if (refusal !== null) {
      this.log('conversation.channel-model-refused', 'Somebody may not choose the model of a channel', place);
      return [plainMessage(refusal)];
    }
    await this.selection.set(place, chosen, name === 'default' ? null : name);
    if (chosen === 'channel')
      this.log('conversation.channel-model-set', 'The model of a channel was chosen', place, name);
    const did = name === 'default' ? 'No model is chosen' : `The model '${name}' answers`;
    return [plainMessage(`${did} ${levelNames[chosen]} from now on.`), await this.describe(place)];
  }

  private log(event: string, message: string, { actor, destination: { room } }: SessionPlace, model?: string): void {
    const fields = { user_id: actor.userId, channel: actor.channelType, room };
    if (model === undefined) this.logger.warn(event, message, fields);
    else this.logger.info(event, message, { ...fields, model });
  }

  private async describe(place: SessionPlace): Promise<OutgoingMessage> {
    const { model, level, chosen } = await this.selection.choose(place);
    return {
      ...plainMessage(`'${model}' answers you here: chosen ${levelNames[level]}.`),
      facts: [
        ...MODEL_LEVELS.map((one) => ({ label: levelNames[one], value: chosen[one] ?? '–' })),
        { label: 'To choose from', value: this.selection.models.join(', ') },
      ],
    };
  }
}
