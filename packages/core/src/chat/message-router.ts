import type { ChannelAdapter } from '../ports/channel-adapter.js';
import { maxSeverity } from '../domain/severity.js';
import type { Severity } from '../domain/severity.js';
import type { LiveMessage } from '../ports/notifier.js';
import type { QuietHours, Route, RoutingPolicy } from '../ports/routing-policy.js';
import { findPlaces, formatRoom } from '../routing/parse-room.js';
import type { Place } from '../routing/parse-room.js';
import { destinationOf } from './delivered-messages.js';
import type { DeliveredMessages, RoutedData } from './delivered-messages.js';

/** Details in one thread end here: what comes later is in the timeline. */
export const MAX_DETAILS = 30;

/** Where a message goes. */
export interface Destinations {
  readonly places: readonly Place[];
  readonly quietHours: QuietHours | null;
  /** To be recorded first, so that the message stays where it is put. */
  readonly decided: RoutedData | null;
}

/** Finds the rooms of live messages. */
export class MessageRouter {
  constructor(
    private readonly channels: readonly ChannelAdapter[],
    private readonly policies: readonly RoutingPolicy[],
  ) {}

  find(live: LiveMessage, delivered: DeliveredMessages): Destinations {
    const found = this.choose(live, delivered);
    return { ...found, places: unique([...found.places, ...this.findPosted(live, delivered)]) };
  }

  private choose(live: LiveMessage, delivered: DeliveredMessages): Destinations {
    if (live.under !== undefined) return only(this.findThreads(live, live.under, delivered));
    if (live.to !== undefined) return only(this.resolve(live.to));
    const route = this.route(live);
    const known = findKnown(live, delivered);
    if (route === null || live.about === undefined) return only(this.resolve(known?.to ?? null));
    const { rule, quietHours } = route;
    const to = known === null ? route.to : addRooms(known, route, live.about.severity);
    const isNew = known === null || to !== known.to;
    const decided = isNew ? { messageKey: live.messageKey, rule, to, severity: live.about.severity } : null;
    return { places: this.resolve(to), quietHours, decided };
  }

  private route({ about }: LiveMessage): Route | null {
    if (about === undefined) return null;
    for (const policy of this.policies) {
      const route = policy.route(about);
      if (route !== null) return route;
    }
    return null;
  }

  private resolve(to: readonly string[] | null): readonly Place[] {
    const rooms = to ?? this.channels.map((channel) => `${channel.type}:*`);
    return rooms.flatMap((room) => findPlaces(room, this.channels));
  }

  // Whatever the rules say by now: a message that stands somewhere is kept true.
  private findPosted({ messageKey }: LiveMessage, { posted }: DeliveredMessages): readonly Place[] {
    return [...posted.values()].flatMap((one) => {
      const channel = this.channels.find(({ type }) => type === one.channelType);
      return one.messageKey === messageKey && channel !== undefined ? [{ channel, room: destinationOf(one) }] : [];
    });
  }

  private findThreads(live: LiveMessage, parentKey: string, { posted }: DeliveredMessages): readonly Place[] {
    const all = [...posted.values()];
    const details = new Set(all.filter((one) => one.messageKey.startsWith('detail/')).map((one) => one.messageKey));
    if (details.size >= MAX_DETAILS && !details.has(live.messageKey)) return [];
    return all.flatMap((parent) => {
      const channel = this.channels.find(({ type }) => type === parent.channelType);
      const isThere = parent.messageKey === parentKey && parent.isSummedUp !== true;
      if (!isThere || channel?.capabilities.threads !== true || parent.messageId === null) return [];
      return [{ channel, room: { ...destinationOf(parent), thread: parent.thread ?? parent.messageId } }];
    });
  }
}

function unique(places: readonly Place[]): readonly Place[] {
  return [...new Map(places.map((place) => [formatRoom(place.room), place])).values()];
}

// An approval goes where its incident is, and both stay there.
function findKnown({ messageKey, sameRoomsAs }: LiveMessage, { routed }: DeliveredMessages): RoutedData | null {
  const alike = sameRoomsAs === undefined ? undefined : routed.get(sameRoomsAs);
  return routed.get(messageKey) ?? alike ?? routed.get('incident') ?? null;
}

// What has got worse is told to those as well who are to be told of it; nobody is left out for that.
function addRooms(known: RoutedData, { to }: Route, severity: Severity): readonly string[] | null {
  const isWorse = severity !== known.severity && maxSeverity([severity, known.severity]) === severity;
  if (!isWorse || known.to === null) return known.to;
  if (to === null) return null;
  const added = to.filter((room) => known.to?.includes(room) !== true);
  return added.length === 0 ? known.to : [...known.to, ...added];
}

function only(places: readonly Place[]): Destinations {
  return { places, quietHours: null, decided: null };
}
