import type { ConsoleMessage } from './render-message.js';

// Names are free to choose at login; each has a room of its own.
const maxRooms = 100;

/** The newest messages of every room, in memory and bounded. */
export class MessageBacklog {
  private readonly rooms = new Map<string, Map<string, ConsoleMessage>>();

  constructor(private readonly messagesPerRoom: number) {}

  find(room: string, id: string): ConsoleMessage | null {
    return this.rooms.get(room)?.get(id) ?? null;
  }

  /** Adds a message, or replaces the one with its id where it stands. */
  put(message: ConsoleMessage): void {
    const room = this.rooms.get(message.room) ?? new Map<string, ConsoleMessage>();
    room.set(message.id, message);
    dropOldest(room, this.messagesPerRoom);
    // The room that was written to last is the last one to go.
    this.rooms.delete(message.room);
    this.rooms.set(message.room, room);
    dropOldest(this.rooms, maxRooms);
  }

  /** Messages of these rooms, newest first. */
  list(rooms: readonly string[]): readonly ConsoleMessage[] {
    const messages = rooms.flatMap((room) => [...(this.rooms.get(room)?.values() ?? [])]);
    return messages.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)).reverse();
  }
}

function dropOldest<K, V>(map: Map<K, V>, max: number): void {
  for (const key of map.keys()) {
    if (map.size <= max) return;
    map.delete(key);
  }
}
