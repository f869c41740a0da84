import type { Destination } from '../domain/outgoing-message.js';
import type { ChannelAdapter } from '../ports/channel-adapter.js';

/** A room of a channel. */
export interface Place {
  readonly channel: ChannelAdapter;
  readonly room: Destination;
}

/** Reads `slack:C123`, `telegram:-100200/5` (a thread or topic), or `slack:*` (all its rooms); empty for a channel that is not installed. */
export function findPlaces(text: string, channels: readonly ChannelAdapter[]): readonly Place[] {
  const separator = text.indexOf(':');
  const channelType = text.slice(0, separator);
  const rest = text.slice(separator + 1);
  const channel = channels.find((candidate) => candidate.type === channelType);
  if (channel === undefined) return [];
  if (rest === '*') return channel.rooms.map((room) => ({ channel, room }));
  const slash = rest.lastIndexOf('/');
  const room = slash < 0 ? rest : rest.slice(0, slash);
  const thread = slash < 0 ? {} : { thread: rest.slice(slash + 1) };
  return [{ channel, room: { channelType, room, ...thread } }];
}

/** Writes a destination as `findPlaces` reads it. */
export function formatRoom({ channelType, room, thread }: Destination): string {
  return `${channelType}:${room}${thread === undefined ? '' : `/${thread}`}`;
}
