import type { ChannelAdapter } from '../ports/channel-adapter.js';
import { findPlaces, formatRoom } from './parse-room.js';
import type { Place } from './parse-room.js';

/** Why messages cannot go to these rooms, each in words with the remedy; `setting` is where they are named. */
export function findRoomMistakes(
  setting: string,
  rooms: readonly string[],
  channels: readonly ChannelAdapter[],
): readonly string[] {
  const mistakes = rooms.flatMap((room) => {
    const problem = findMistake(room, channels);
    return problem === null ? [] : [`\`${setting}\` sends to '${room}': ${problem}`];
  });
  return [...new Set(mistakes)];
}

function findMistake(room: string, channels: readonly ChannelAdapter[]): string | null {
  const type = room.slice(0, room.indexOf(':'));
  const channel = channels.find((candidate) => candidate.type === type);
  if (channel === undefined) {
    const known = channels.map((candidate) => candidate.type).join(', ') || 'none';
    return `there is no channel '${type}'. Set it up, or name one of these: ${known}.`;
  }
  const places = findPlaces(room, channels);
  if (places.length === 0) return `the channel '${type}' has no rooms. Name one in its settings, or send elsewhere.`;
  for (const place of places) {
    const problem = findPlaceMistake(place);
    if (problem !== null) return problem;
  }
  return null;
}

function findPlaceMistake({ channel, room }: Place): string | null {
  if (channel.findRoomMistake !== undefined) return channel.findRoomMistake(room);
  if (channel.rooms.some((known) => known.room === room.room)) return null;
  const known = channel.rooms.map((one) => formatRoom(one)).join(', ') || 'none';
  return `the channel '${channel.type}' has no such room. Its rooms: ${known}.`;
}
