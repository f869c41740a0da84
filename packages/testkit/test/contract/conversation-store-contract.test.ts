import { MemoryConversationStore } from '@dogwatch/core';
import {
  conversationStoreContract,
  proveCasesCanFail,
  runContract,
  type BrokenImplementation,
  type ConversationStoreSubject,
} from '@dogwatch/testkit';
import * as broken from './broken-conversations.js';

runContract(conversationStoreContract, 'MemoryConversationStore', {
  harness: { create: () => ({ store: new MemoryConversationStore() }) },
});

function wrong(
  name: string,
  Store: new () => MemoryConversationStore,
  fails: readonly string[],
): BrokenImplementation<ConversationStoreSubject> {
  return { name, harness: { create: () => ({ store: new Store() }) }, fails };
}

proveCasesCanFail(conversationStoreContract, [
  wrong('forgets metadata', broken.NoMetadata, [
    'answers a message as it was kept, with its conversation and a growing sequence',
  ]),
  wrong('gives the newest first', broken.NewestFirst, [
    'gives the last messages, oldest first, at most as many as asked, before a given one',
  ]),
  wrong('takes a thread for its room', broken.NoThreads, [
    'keeps a direct chat, a room and each of its threads apart',
    'knows each conversation from its first message on',
  ]),
  wrong('keeps every delivery', broken.NoDuplicates, [
    'keeps a message that is delivered twice once, and answers the first',
  ]),
  wrong('keeps one of what comes at once', broken.LastOneWins, ['keeps 50 messages that are written at once']),
  wrong('hands out what it keeps', broken.SharedMessages, [
    'is not changed by changing what was given to it or got from it',
    'keeps hostile texts, but for what no database keeps, which becomes U+FFFD',
    'refuses messages and questions that make no sense, and keeps nothing of them',
  ]),
  wrong('deletes everything', broken.DeletesAll, [
    'deletes messages older than a time, oldest first, at most as many as asked, and nothing else',
  ]),
  wrong('knows no conversation', broken.NoConversations, ['knows each conversation from its first message on']),
  wrong('takes people of all channels for one', broken.NoChannels, [
    'knows who has written, when first and when last, per channel',
  ]),
  wrong('never unsets a setting', broken.StickySettings, [
    'sets, replaces and unsets the settings of users and channels',
  ]),
  wrong('has the same settings for all', broken.SettingsForAll, [
    'keeps the settings of each user and channel apart',
    'refuses settings without a proper name, owner or value',
  ]),
  {
    name: 'forgets everything when it is closed',
    harness: {
      capabilities: ['reopen'],
      create: () => ({
        store: new MemoryConversationStore(),
        reopen: async () => new MemoryConversationStore(),
      }),
    },
    fails: ['holds everything when it is opened again'],
  },
]);
