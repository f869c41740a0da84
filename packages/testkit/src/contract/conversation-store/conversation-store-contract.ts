import assert from 'node:assert/strict';
import { conversationKey } from '@dogwatch/core';
import type { SettingOwner } from '@dogwatch/core';
import type { ContractCase, ContractSuite } from '../contract-suite.js';
import { anna, chatMessage, conversation, lastTexts, minute, refuses, room } from './conversation-store-subject.js';
import type { ConversationStoreSubject } from './conversation-store-subject.js';
import { messageCases } from './message-cases.js';

const annaOwns: SettingOwner = { kind: 'user', actor: anna };

const placeCases: readonly ContractCase<ConversationStoreSubject>[] = [
  {
    name: 'knows each conversation from its first message on',
    async run({ store }) {
      const destination = { ...room, thread: '17.5' };
      const id = conversationKey(destination);
      assert.equal(await store.findConversation(id), null);
      await store.append(chatMessage({ destination, at: minute(1) }));
      await store.append(chatMessage({ destination, at: minute(2) }));
      assert.deepEqual(await store.findConversation(id), { id, destination, startedAt: minute(1) });
      assert.equal(await store.findConversation(conversation), null);
    },
  },
  {
    name: 'knows who has written, when first and when last, per channel',
    async run({ store }) {
      assert.equal(await store.findUser(anna), null);
      for (const at of [5, 9, 2]) await store.append(chatMessage({ at: minute(at) }));
      assert.deepEqual(await store.findUser(anna), { actor: anna, firstSeenAt: minute(2), lastSeenAt: minute(9) });
      assert.equal(await store.findUser({ ...anna, channelType: 'telegram' }), null);
    },
  },
];

const settingCases: readonly ContractCase<ConversationStoreSubject>[] = [
  {
    name: 'sets, replaces and unsets the settings of users and channels',
    async run({ store }) {
      assert.equal(await store.getSetting(annaOwns, 'model'), null);
      await store.putSetting(annaOwns, 'model', 'small-1');
      await store.putSetting(annaOwns, 'model', 'large-1');
      await store.putSetting(annaOwns, 'routing', { rooms: ['C1', null], isQuiet: false, level: 2.5 });
      assert.equal(await store.getSetting(annaOwns, 'model'), 'large-1');
      assert.deepEqual(await store.getSetting(annaOwns, 'routing'), {
        rooms: ['C1', null],
        isQuiet: false,
        level: 2.5,
      });
      await store.putSetting(annaOwns, 'model', null);
      await store.putSetting(annaOwns, 'model', null);
      assert.equal(await store.getSetting(annaOwns, 'model'), null);
      assert.notEqual(await store.getSetting(annaOwns, 'routing'), null);
    },
  },
  {
    name: 'keeps the settings of each user and channel apart',
    async run({ store }) {
      const owners: readonly SettingOwner[] = [
        annaOwns,
        { kind: 'user', actor: { ...anna, channelType: 'telegram' } },
        { kind: 'channel', channelType: 'slack', room: 'anna' },
        { kind: 'channel', channelType: 'slack', room: 'C2' },
      ];
      for (const [n, owner] of owners.entries()) await store.putSetting(owner, 'model', `m${n}`);
      for (const [n, owner] of owners.entries()) assert.equal(await store.getSetting(owner, 'model'), `m${n}`);
    },
  },
  {
    name: 'refuses settings without a proper name, owner or value',
    async run({ store }) {
      for (const name of ['', 'Model', 'a b', 'x'.repeat(65)]) await refuses(() => store.putSetting(annaOwns, name, 1));
      await refuses(() => store.putSetting(annaOwns, 'model', NaN));
      await refuses(() => store.getSetting({ kind: 'user', actor: { ...anna, userId: '' } }, 'model'));
      await refuses(() => store.putSetting({ kind: 'channel', channelType: '', room: 'C1' }, 'model', 1));
    },
  },
  {
    name: 'holds everything when it is opened again',
    needs: 'reopen',
    async run({ store, reopen }) {
      assert.ok(reopen);
      const kept = await store.append(chatMessage({ text: 'what is wrong with cart?', externalId: 'Ev1' }));
      await store.putSetting(annaOwns, 'model', 'small-1');
      const again = await reopen();
      assert.deepEqual(await again.lastMessages({ conversation, limit: 10 }), [kept]);
      assert.equal(await again.getSetting(annaOwns, 'model'), 'small-1');
      const next = await again.append(chatMessage({ text: 'next' }));
      assert.ok(next.sequence > kept.sequence);
      assert.deepEqual(await again.append(chatMessage({ externalId: 'Ev1' })), kept);
      assert.deepEqual(await lastTexts(again), ['what is wrong with cart?', 'next']);
    },
  },
];

/** Every promise of `ConversationStore`. Capability `reopen`: the data outlives the store object. */
export const conversationStoreContract: ContractSuite<ConversationStoreSubject> = {
  name: 'ConversationStore',
  cases: [...messageCases, ...placeCases, ...settingCases],
};
