import assert from 'node:assert/strict';
import { buttonWords, isAppError, plainMessage } from '@dogwatch/core';
import type { Destination, IncomingMessage } from '@dogwatch/core';
import type { ContractCase } from '../contract-suite.js';
import {
  approveButton,
  eventually,
  expectShown,
  findDestination,
  fullMessage,
  settle,
  startRecording,
} from './channel-adapter-subject.js';
import type { ChannelAdapterSubject } from './channel-adapter-subject.js';

const elsewhere: Destination = { channelType: 'another-channel', room: 'console' };

async function assertRefused(attempt: () => Promise<unknown>): Promise<void> {
  // A call that throws instead of rejecting fails the case.
  const outcome = attempt();
  await assert.rejects(outcome, (error: unknown) => isAppError(error) && error.code === 'DW_CHANNEL_DESTINATION');
}

/** What the human is shown. */
export const outboundCases: readonly ContractCase<ChannelAdapterSubject>[] = [
  {
    name: 'shows title, text, facts and blocks',
    async run(subject) {
      const destination = await findDestination(subject);
      await subject.adapter.send(destination, fullMessage());
      await expectShown(subject.human, ['api keeps crashing', 'The container exits with code 1.']);
      await expectShown(subject.human, ['Namespace', 'prod-eu']);
      await expectShown(subject.human, ['-  image: api:2', '+  image: api:1', 'cannot open config']);
    },
  },
  {
    name: 'answers a person where the person wrote',
    async run({ adapter, human }) {
      await adapter.start((message) => {
        return adapter.send(message.metadata.destination, plainMessage('here I am')).then(() => undefined);
      });
      await human.write('where are you?');
      await expectShown(human, ['here I am']);
    },
  },
  {
    name: 'shows messages in the order in which they were sent',
    async run(subject) {
      const destination = await findDestination(subject);
      const texts = Array.from({ length: 8 }, (_, index) => `message number ${index}.`);
      for (const text of texts) await subject.adapter.send(destination, plainMessage(text));
      await expectShown(subject.human, texts);
    },
  },
  {
    name: 'sends what is still said after the stop',
    async run(subject) {
      const destination = await findDestination(subject);
      await subject.adapter.stop();
      await subject.adapter.send(destination, plainMessage('the last answer'));
      await expectShown(subject.human, ['the last answer']);
    },
  },
  {
    name: 'refuses to send to the room of another channel',
    async run({ adapter }) {
      await startRecording(adapter);
      await assertRefused(() => adapter.send(elsewhere, plainMessage('lost')));
    },
  },
  {
    name: 'refuses to update in the room of another channel',
    async run({ adapter }) {
      await startRecording(adapter);
      await assertRefused(() => adapter.update({ destination: elsewhere, messageId: '1' }, plainMessage('lost')));
    },
  },
  {
    name: 'has rooms of its own type alone, and shows messages in each',
    async run({ adapter, human }) {
      await startRecording(adapter);
      for (const room of adapter.rooms) {
        assert.equal(room.channelType, adapter.type);
        await adapter.send(room, plainMessage(`hello ${room.room}`));
        await expectShown(human, [`hello ${room.room}`]);
      }
    },
  },
  {
    name: 'lets the human decide, by a button or by words to type',
    async run(subject) {
      const destination = await findDestination(subject);
      await subject.adapter.send(destination, fullMessage({ buttons: [approveButton] }));
      await eventually(subject.human, async () => {
        const { text, buttons } = await subject.human.read();
        if (subject.adapter.capabilities.buttons) assert.deepEqual(buttons, [approveButton]);
        else assert.ok(text.includes(buttonWords(approveButton)), `no words to type in ${JSON.stringify(text)}`);
      });
    },
  },
  {
    name: 'gives on a pressed button as the words it stands for',
    needs: 'buttons',
    async run({ adapter, human }) {
      const received = await startRecording(adapter);
      const destination = adapter.rooms[0] as Destination;
      await adapter.send(destination, fullMessage({ buttons: [approveButton] }));
      await eventually(human, async () => assert.deepEqual((await human.read()).buttons, [approveButton]));
      await human.press?.(approveButton);
      await eventually(human, () => assert.equal(received.length, 1));
      const [message] = received as readonly [IncomingMessage];
      assert.equal(message.text, 'approve 7f3ka2');
      assert.equal(message.userId, human.userId);
      assert.equal(message.metadata.isButton, true);
    },
  },
  {
    name: 'shows the new content of an updated message, as often as it is updated',
    async run(subject) {
      const destination = await findDestination(subject);
      const first = await subject.adapter.send(destination, plainMessage('waiting'));
      const second = await subject.adapter.update(first, plainMessage('approved by anna'));
      await expectShown(subject.human, ['approved by anna']);
      const third = await subject.adapter.update(second, plainMessage('all done'));
      await expectShown(subject.human, ['all done']);
      assert.deepEqual(third.destination, destination);
    },
  },
  {
    name: 'puts the new content in the place of the old',
    needs: 'edits',
    async run(subject) {
      const destination = await findDestination(subject);
      const reference = await subject.adapter.send(destination, plainMessage('waiting'));
      await subject.adapter.send(destination, plainMessage('in between'));
      await subject.adapter.update(reference, plainMessage('approved by anna'));
      await expectShown(subject.human, ['approved by anna', 'in between']);
      const { text } = await subject.human.read();
      assert.ok(!text.includes('waiting'), `the old content still stands in ${JSON.stringify(text)}`);
    },
  },
  {
    name: 'completes a draft with the whole of a long answer, in order',
    needs: 'edits',
    async run({ adapter, human }) {
      const destination = await findDestination({ adapter, human });
      const lines = Array.from({ length: 250 }, (_, index) => `The line ${index} of an answer that is long.`);
      const draft = await adapter.send(destination, plainMessage(`${lines[0] ?? ''} One moment …`));
      const answer = plainMessage(lines.join('\n'));
      await (adapter.complete?.(draft, answer) ?? adapter.update(draft, answer));
      await expectShown(human, lines);
      assert.ok(!(await human.read()).text.includes('One moment'));
    },
  },
  {
    name: 'lets the buttons of an updated message do nothing more',
    needs: 'buttons',
    async run({ adapter, human }) {
      const received = await startRecording(adapter);
      const destination = adapter.rooms[0] as Destination;
      const reference = await adapter.send(destination, fullMessage({ buttons: [approveButton] }));
      await eventually(human, async () => assert.equal((await human.read()).buttons.length, 1));
      await adapter.update(reference, plainMessage('rejected by bert'));
      await expectShown(human, ['rejected by bert']);
      assert.deepEqual((await human.read()).buttons, []);
      await human.press?.(approveButton).catch(String);
      await settle();
      assert.deepEqual(received, []);
    },
  },
  {
    name: 'posts anew when the message to update is not there any more',
    async run(subject) {
      const destination = await findDestination(subject);
      await subject.adapter.update({ destination, messageId: null }, plainMessage('never had a name'));
      await expectShown(subject.human, ['never had a name']);
      await subject.adapter.update({ destination, messageId: 'deleted-long-ago' }, plainMessage('was deleted'));
      await expectShown(subject.human, ['was deleted']);
    },
  },
];
