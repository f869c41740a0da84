import { z } from 'zod';
import { defineConfigSection } from '../config/config-section.js';
import type { SchemaOutput } from '../config/standard-schema.js';
import { definePort } from '../di/define-port.js';
import { namedPeople } from '../people/named-people.js';

const wholeNumber = z.coerce.number().int();

/** Section `conversation`: what is remembered of the chat, and how far a language model may go in it. */
export const conversationConfig = defineConfigSection({
  name: 'conversation',
  schema: z
    .strictObject({
      /** How long a session lives after its last message. */
      sessionMinutes: wholeNumber.min(1).max(43_200).default(30),
      /** Messages older than this are deleted. */
      retentionDays: wholeNumber.min(1).max(3_650).default(30),
      /** A model sees at most so many earlier messages, and so many tokens of them. */
      historyMessages: wholeNumber.min(0).max(200).default(20),
      historyTokens: wholeNumber.min(0).max(200_000).default(4_000),
      /** For one message, over all that a model and its tools do. */
      timeoutSeconds: wholeNumber.min(1).max(3_600).default(120),
      maxRounds: wholeNumber.min(1).max(50).default(8),
      maxToolCalls: wholeNumber.min(1).max(200).default(20),
      /** Approvals that a model may ask for in answer to one message. */
      maxRequests: wholeNumber.min(0).max(20).default(3),
      maxToolOutputCharacters: wholeNumber.min(200).max(200_000).default(8_000),
      /** Tokens that one person, and that all together, may use in a day (UTC); null = no limit. */
      tokensPerPersonPerDay: wholeNumber.min(1).nullable().default(500_000),
      tokensPerDay: wholeNumber.min(1).nullable().default(2_000_000),
      /** A model that fails so often in a row is left alone for so long. */
      breakerFailures: wholeNumber.min(1).max(100).default(3),
      breakerSeconds: wholeNumber.min(1).max(86_400).default(60),
      /** An answer that is being written is shown anew no more often than this. */
      editEverySeconds: z.coerce.number().min(0.5).max(60).default(2),
      /** What a model is told besides, in your words: names of teams, clusters, habits. */
      instructions: z.string().max(8_000).default(''),
      /** Who may choose the model of a whole channel; null = roles `admin` and `operator`, or everybody while nobody is listed in `users`. */
      channelModelBy: z.array(namedPeople).min(1).nullable().default(null),
      /** Hides passwords, tokens and keys from the model. */
      redactSecrets: z.boolean().default(true),
    })
    .prefault({}),
});

/** Settings of conversations. */
export type ConversationConfig = SchemaOutput<typeof conversationConfig>;
export const ConversationConfig = definePort<ConversationConfig>('core.ConversationConfig');
