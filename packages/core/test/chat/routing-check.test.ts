import assert from 'node:assert/strict';
import { RoutingCheck, isAppError } from '@dogwatch/core';
import type { ChannelAdapter, RoutingPolicy } from '@dogwatch/core';
import { FakeChannel } from './fake-channel.js';

const strict: ChannelAdapter = Object.assign(new FakeChannel('slack', ['C1']), {
  findRoomMistake: ({ room }: { room: string }) => (room === 'C3' ? "add it to 'slack.answerIn'." : null),
});

function check(rooms: readonly string[], channels = [new FakeChannel('web', ['console']), strict]): string {
  const policy: RoutingPolicy = { rooms, route: () => null };
  try {
    new RoutingCheck([policy], channels).start();
    return '';
  } catch (error) {
    assert.ok(isAppError(error) && error.code === 'DW_ROUTING_INVALID');
    return error.message;
  }
}

describe('the check of the routing', () => {
  it('lets through rooms that are there, topics of them, all rooms of a channel, and what a channel knows itself', () => {
    assert.equal(check(['web:console', 'web:console/7', 'web:*', 'slack:U1']), '');
  });

  it('names a channel that is not there, and those that are', () => {
    assert.equal(
      check(['telegram:-100']),
      "`routing` sends to 'telegram:-100': there is no channel 'telegram'. Set it up, or name one of these: web, slack.",
    );
  });

  it('names a room that a channel does not have, and those it has', () => {
    assert.match(check(['web:consle']), /'web:consle': .*no such room\. Its rooms: web:console\./);
  });

  it('passes on what the channel says, once for each room', () => {
    assert.equal(check(['slack:C3', 'slack:C3']), "`routing` sends to 'slack:C3': add it to 'slack.answerIn'.");
  });

  it('names all rooms of a channel that has none', () => {
    assert.match(check(['slack:*'], [new FakeChannel('slack', [])]), /'slack:\*': the channel 'slack' has no rooms/);
  });
});
