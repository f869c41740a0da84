import { inject, injectable, injectEach } from '../di/inject.js';
import { SYSTEM_ACTOR } from '../domain/actor.js';
import { messageActor } from '../domain/incoming-message.js';
import { formatPlainText } from '../domain/outgoing-message.js';
import { People } from '../people/people.js';
import { Clock, isoTime } from '../ports/clock.js';
import { ConversationStore } from '../ports/conversation-store.js';
import type { Exchange, MessageListener } from '../ports/message-listener.js';
import { PeopleSource } from '../ports/people-source.js';

/** The intent whose answers a language model writes; all others are Dogwatch's own words. */
export const CONVERSATION_INTENT = 'conversation';

const maxKeptLength = 8_000;

/** Keeps what is said in every conversation, questions and answers; what strangers write no model is ever to read. */
@injectable()
export class ConversationHistory implements MessageListener {
  private readonly people: People;

  constructor(
    @inject(ConversationStore) private readonly store: ConversationStore,
    @inject(Clock) private readonly clock: Clock,
    @injectEach(PeopleSource) people: readonly PeopleSource[],
  ) {
    this.people = new People(people);
  }

  async answered({ message, intent, replies }: Exchange): Promise<void> {
    if (this.people.isUnknown(messageActor(message))) return;
    const { destination, messageId, isButton = false, scope = 'direct' } = message.metadata;
    const at = isoTime(this.clock.now());
    await this.store.append({
      destination,
      role: 'user',
      actor: messageActor(message),
      text: message.text.slice(0, maxKeptLength),
      at,
      externalId: messageId,
      metadata: { intent, isButton, scope },
    });
    for (const [index, reply] of replies.entries()) {
      await this.store.append({
        destination,
        role: 'assistant',
        actor: SYSTEM_ACTOR,
        text: formatPlainText(reply).slice(0, maxKeptLength),
        at,
        // The answer to a message that is worked on a second time is not kept twice.
        externalId: messageId === null ? null : `${messageId} answer ${index}`,
        metadata: { intent, by: intent === CONVERSATION_INTENT ? 'model' : 'dogwatch' },
      });
    }
  }
}
