import assert from 'node:assert/strict';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { plainMessage } from '@dogwatch/core';
import type { ChannelAdapter, Destination, IncomingMessage, MessageButton, OutgoingMessage } from '@dogwatch/core';

/** What a human sees of a channel. */
export interface ChannelView {
  /** All text that stands there now, oldest first, as shown: what a device takes for markup is not in it. */
  readonly text: string;
  /** The buttons that can be pressed now. */
  readonly buttons: readonly MessageButton[];
  /** All that sent text did besides being shown: elements, mentions, links, terminal commands. */
  readonly effects: readonly string[];
}

/** Where somebody can write. */
export type ChannelPlace = 'direct' | 'room' | 'thread';

/** A human at the other end of a channel. */
export interface ChannelHuman {
  /** The person who writes and presses unless another one is named. */
  readonly userId: string;
  /** Capability `people`: somebody else, for channels that give the ids themselves; `somebody else` if absent. */
  readonly otherUserId?: string;
  /** Within this time whatever is sent is shown, and whatever is written is given on; 5,000 if absent. */
  readonly patienceMs?: number;
  /** Resolves when the channel has taken the words or refused them; capability `people`: as somebody else. */
  write(text: string, userId?: string): Promise<void>;
  /**
   * Capability `places`: says something to Dogwatch directly, in a room of several people, or in a thread (or topic) of that room,
   * each time as the one person.
   */
  writeIn?(place: ChannelPlace, text: string): Promise<void>;
  /** Presses a button that is or was shown; needed for the capability `buttons`. */
  press?(button: MessageButton): Promise<void>;
  read(): Promise<ChannelView>;
}

/** What the contract of `ChannelAdapter` is run on. */
export interface ChannelAdapterSubject {
  /** Not started yet. */
  readonly adapter: ChannelAdapter;
  readonly human: ChannelHuman;
}

const usualPatienceMs = 5_000;
const settleTurns = 30;

/** Waits until `check` passes; rethrows its last failure when the human's patience ends. */
export async function eventually(human: ChannelHuman, check: () => Promise<void> | void): Promise<void> {
  const { patienceMs = usualPatienceMs } = human;
  const startedAt = performance.now();
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() - startedAt > patienceMs) throw error;
      await pause(2);
    }
  }
}

/** Lets everything that is due happen, so that what has not happened by then does not happen. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < settleTurns; turn++) await nextTurn();
}

/** Starts the adapter with an `inbound` that keeps what it is given. */
export async function startRecording(adapter: ChannelAdapter): Promise<readonly IncomingMessage[]> {
  const received: IncomingMessage[] = [];
  await adapter.start((message) => {
    received.push(message);
    return Promise.resolve();
  });
  return received;
}

/** Where the channel shows unasked messages, or where its human's words came from. */
export async function findDestination({ adapter, human }: ChannelAdapterSubject): Promise<Destination> {
  const received = await startRecording(adapter);
  const room = adapter.rooms[0];
  if (room !== undefined) return room;
  await human.write('hello');
  await eventually(human, () => assert.equal(received.length, 1));
  return (received[0] as IncomingMessage).metadata.destination;
}

/** A message with every part. */
export function fullMessage(overrides: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return {
    ...plainMessage('The container exits with code 1.'),
    title: 'api keeps crashing',
    severity: 'critical',
    facts: [{ label: 'Namespace', value: 'prod-eu' }],
    blocks: [
      { kind: 'diff', text: '-  image: api:2\n+  image: api:1' },
      { kind: 'code', text: 'cannot open config' },
    ],
    ...overrides,
  };
}

/** A button that approves. */
export const approveButton: MessageButton = { label: 'Approve', action: 'approve', approvalId: '7f3ka2' };

/** Expects text to stand on the screen, in this order. */
export async function expectShown(human: ChannelHuman, texts: readonly string[]): Promise<void> {
  await eventually(human, async () => {
    const { text } = await human.read();
    let from = 0;
    for (const expected of texts) {
      const at = text.indexOf(expected, from);
      assert.ok(at >= 0, `'${expected}' is not shown, or not in order; shown is: ${JSON.stringify(text)}`);
      from = at + expected.length;
    }
  });
}
