import assert from 'node:assert/strict';
import { conversationKey, plainMessage } from '@dogwatch/core';
import type { IncomingMessage } from '@dogwatch/core';
import type { ContractCase } from '../contract-suite.js';
import { eventually, settle, startRecording } from './channel-adapter-subject.js';
import type { ChannelAdapterSubject } from './channel-adapter-subject.js';

const texts = [
  'approve 7f3ka2',
  '  /k8s  logs "api 0"  prod ',
  'wie geht’s? 你好 🐕',
  '<b>not</b> &amp; [markup](https://example.org) *at* _all_ `please`',
  '@channel {{ incident }} ${HOME} %s \\n',
];

/** What the human writes. */
export const inboundCases: readonly ContractCase<ChannelAdapterSubject>[] = [
  {
    name: 'gives on what the human writes exactly as written, in order',
    async run({ adapter, human }) {
      const received = await startRecording(adapter);
      for (const text of texts) await human.write(text);
      await eventually(human, () =>
        assert.deepEqual(
          received.map((message) => message.text),
          texts,
        ),
      );
    },
  },
  {
    name: 'names the person who wrote and its own type',
    async run({ adapter, human }) {
      const received = await startRecording(adapter);
      await human.write('/status');
      await eventually(human, () => assert.equal(received.length, 1));
      const [message] = received as readonly [IncomingMessage];
      assert.equal(message.userId, human.userId);
      assert.equal(message.channelType, adapter.type);
      assert.equal(message.metadata.destination.channelType, adapter.type);
      assert.notEqual(message.metadata.isButton, true);
    },
  },
  {
    name: 'tells the people who write in it apart',
    needs: 'people',
    async run({ adapter, human }) {
      const received = await startRecording(adapter);
      await human.write('one');
      const { userId, otherUserId = 'somebody else' } = human;
      await human.write('two', otherUserId);
      await eventually(human, () => assert.equal(received.length, 2));
      assert.deepEqual(
        received.map((message) => message.userId),
        [userId, otherUserId],
      );
    },
  },
  {
    name: 'keeps a direct message, a room and a thread of it apart, each with an answer of its own',
    needs: 'places',
    async run({ adapter, human }) {
      const received = await startRecording(adapter);
      const places = ['direct', 'room', 'thread'] as const;
      for (const [index, place] of places.entries()) {
        await human.writeIn?.(place, `status ${place}`);
        await eventually(human, () => assert.equal(received.length, index + 1, `nothing came from ${place}`));
      }
      const metadata = received.map((message) => message.metadata);
      assert.deepEqual(
        metadata.map(({ scope = 'direct' }) => scope),
        places,
      );
      const destinations = metadata.map(({ destination }) => destination);
      assert.equal(new Set(destinations.map(conversationKey)).size, places.length);
      assert.equal(destinations[1]?.room, destinations[2]?.room);
      assert.ok(received.every(({ userId }) => userId === human.userId));
      for (const destination of destinations) await adapter.send(destination, plainMessage('answered'));
    },
  },
  {
    name: 'gives on the next message of a person once the one before is taken, and at once after one without an id',
    async run({ adapter, human }) {
      const received: IncomingMessage[] = [];
      const texts = (): readonly string[] => received.map(({ text }) => text);
      let release = (): void => undefined;
      await adapter.start(async (message) => {
        received.push(message);
        if (message.text === 'first') await new Promise<void>((resolve) => (release = resolve));
      });
      await human.write('first');
      await eventually(human, () => assert.deepEqual(texts(), ['first']));
      await human.write('second');
      const isAcknowledged = received[0]?.metadata.messageId !== null;
      if (isAcknowledged) {
        await settle();
        assert.deepEqual(texts(), ['first']);
        release();
      }
      await eventually(human, () => assert.deepEqual(texts(), ['first', 'second']));
      release();
    },
  },
  {
    name: 'goes on after an inbound that rejects',
    async run({ adapter, human }) {
      const received: string[] = [];
      await adapter.start(({ text }) => {
        received.push(text);
        return text === 'bad' ? Promise.reject(new Error('handler broke')) : Promise.resolve();
      });
      await human.write('bad');
      await human.write('good');
      await eventually(human, () => assert.deepEqual(received, ['bad', 'good']));
    },
  },
  {
    name: 'gives on nothing that is written after the stop',
    async run({ adapter, human }) {
      const received = await startRecording(adapter);
      await human.write('before');
      await eventually(human, () => assert.equal(received.length, 1));
      await adapter.stop();
      await human.write('after').catch(String);
      await settle();
      assert.equal(received.length, 1);
    },
  },
  {
    name: 'stops as often as it is told to, also before it was started',
    async run({ adapter }) {
      await adapter.stop();
      await startRecording(adapter);
      await adapter.stop();
      await adapter.stop();
    },
  },
];
