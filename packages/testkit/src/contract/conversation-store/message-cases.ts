import assert from 'node:assert/strict';
import { conversationKey } from '@dogwatch/core';
import type { JsonValue } from '@dogwatch/core';
import type { ContractCase } from '../contract-suite.js';
import { anna, chatMessage, conversation, lastTexts, minute, refuses, room } from './conversation-store-subject.js';
import type { ConversationStoreSubject } from './conversation-store-subject.js';

const writeMany = async ({ store }: ConversationStoreSubject, count: number): Promise<void> => {
  for (let n = 0; n < count; n++) await store.append(chatMessage({ text: `m${n}`, at: minute(n) }));
};

/** What is promised about messages. */
export const messageCases: readonly ContractCase<ConversationStoreSubject>[] = [
  {
    name: 'answers a message as it was kept, with its conversation and a growing sequence',
    async run({ store }) {
      const message = chatMessage({
        destination: { ...room, thread: '17.5' },
        role: 'assistant',
        externalId: 'Ev1',
        metadata: { model: 'small-1', tools: ['k8s_get_pods'], usage: { input: 10, cached: null }, isShort: true },
      });
      const first = await store.append(message);
      const { sequence, ...rest } = first;
      const thread = conversationKey(message.destination);
      assert.deepEqual(rest, { ...message, conversation: thread });
      const second = await store.append(chatMessage({ destination: message.destination }));
      assert.ok(Number.isSafeInteger(sequence) && second.sequence > sequence);
      assert.deepEqual(await store.lastMessages({ conversation: thread, limit: 10 }), [first, second]);
    },
  },
  {
    name: 'gives the last messages, oldest first, at most as many as asked, before a given one',
    async run(subject) {
      const { store } = subject;
      await writeMany(subject, 6);
      assert.deepEqual(await lastTexts(store, 3), ['m3', 'm4', 'm5']);
      const [third] = await store.lastMessages({ conversation, limit: 3 });
      const before = await store.lastMessages({ conversation, limit: 2, before: third?.sequence ?? 0 });
      assert.deepEqual(
        before.map((message) => message.text),
        ['m1', 'm2'],
      );
      assert.deepEqual(await lastTexts(store, 500), ['m0', 'm1', 'm2', 'm3', 'm4', 'm5']);
    },
  },
  {
    name: 'keeps a direct chat, a room and each of its threads apart',
    async run({ store }) {
      const places = [room, { ...room, thread: '1' }, { ...room, thread: '2' }, { channelType: 'web', room: 'C1' }];
      for (const [n, destination] of places.entries())
        await store.append(chatMessage({ destination, text: `in ${n}` }));
      for (const [n, destination] of places.entries()) {
        assert.deepEqual(await lastTexts(store, 10, destination), [`in ${n}`]);
      }
      assert.deepEqual(await lastTexts(store, 10, { channelType: 'web', room: 'nowhere' }), []);
    },
  },
  {
    name: 'keeps a message that is delivered twice once, and answers the first',
    async run({ store }) {
      const first = await store.append(chatMessage({ externalId: 'Ev1', text: 'once' }));
      assert.deepEqual(await store.append(chatMessage({ externalId: 'Ev1', text: 'once more' })), first);
      await store.append(chatMessage({ externalId: 'Ev1', text: 'there', destination: { ...room, thread: '1' } }));
      await store.append(chatMessage({ text: 'a' }));
      await store.append(chatMessage({ text: 'a' }));
      assert.deepEqual(await lastTexts(store), ['once', 'a', 'a']);
    },
  },
  {
    name: 'keeps 50 messages that are written at once',
    async run({ store }) {
      const texts = Array.from({ length: 50 }, (_, n) => `m${n}`);
      const kept = await Promise.all(texts.map((text) => store.append(chatMessage({ text, externalId: text }))));
      assert.equal(new Set(kept.map((message) => message.sequence)).size, 50);
      assert.deepEqual([...(await lastTexts(store))].sort(), [...texts].sort());
    },
  },
  {
    name: 'keeps hostile texts, but for what no database keeps, which becomes U+FFFD',
    async run({ store }) {
      const hostile = `'; DROP TABLE messages;-- \u202e <!channel> 😀 "\\u0000"\n\t`;
      await store.append(chatMessage({ text: `${hostile}\u0000\ud800`, metadata: { [hostile]: ['\u0000', hostile] } }));
      const [kept] = await store.lastMessages({ conversation, limit: 1 });
      assert.equal(kept?.text, `${hostile}\ufffd\ufffd`);
      assert.deepEqual(kept?.metadata, { [hostile]: ['\ufffd', hostile] });
    },
  },
  {
    name: 'is not changed by changing what was given to it or got from it',
    async run({ store }) {
      const metadata: Record<string, JsonValue> = { model: 'one' };
      const kept = await store.append(chatMessage({ metadata }));
      metadata['model'] = 'two';
      (kept.metadata as Record<string, JsonValue>)['model'] = 'three';
      const [read] = await store.lastMessages({ conversation, limit: 1 });
      assert.deepEqual(read?.metadata, { model: 'one' });
    },
  },
  {
    name: 'deletes messages older than a time, oldest first, at most as many as asked, and nothing else',
    async run(subject) {
      const { store } = subject;
      await writeMany(subject, 5);
      await store.putSetting({ kind: 'user', actor: anna }, 'model', 'small-1');
      assert.equal(await store.deleteMessagesBefore(minute(3), 2), 2);
      assert.deepEqual(await lastTexts(store), ['m2', 'm3', 'm4']);
      assert.equal(await store.deleteMessagesBefore(minute(3), 100), 1);
      assert.equal(await store.deleteMessagesBefore(minute(3), 100), 0);
      assert.deepEqual(await lastTexts(store), ['m3', 'm4']);
      assert.notEqual(await store.findConversation(conversation), null);
      assert.equal(await store.getSetting({ kind: 'user', actor: anna }, 'model'), 'small-1');
    },
  },
  {
    name: 'refuses messages and questions that make no sense, and keeps nothing of them',
    async run({ store }) {
      const bad = [
        { role: 'system' as never },
        { at: 'yesterday' },
        { actor: { channelType: 'slack', userId: '' } },
        { destination: { channelType: '', room: 'C1' } },
        { text: 'x'.repeat(100_001) },
        { metadata: { at: new Date(0) as never } },
        { metadata: { long: 'x'.repeat(70_000) } },
      ];
      for (const change of bad) await refuses(() => store.append(chatMessage(change)));
      assert.deepEqual(await lastTexts(store), []);
      for (const limit of [0, 501, 1.5, NaN]) await refuses(() => store.lastMessages({ conversation, limit }));
      await refuses(() => store.lastMessages({ conversation, limit: 1, before: NaN }));
      await refuses(() => store.deleteMessagesBefore('yesterday', 1));
      await refuses(() => store.deleteMessagesBefore(minute(0), 0));
    },
  },
];
