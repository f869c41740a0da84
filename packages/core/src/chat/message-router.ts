import type { ChannelAdapter } from '../ports/channel-adapter.js';
import type { LiveMessage } from '../ports/notifier.js';
import type { QuietHours, Route, RoutingPolicy } from '../ports/routing-policy.js';
import { findPlaces } from '../routing/parse-room.js';
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
    if (live.under !== undefined) return only(this.findThreads(live, live.under, delivered));
    if (live.to !== undefined) return only(this.resolve(live.to));
    const route = this.route(live);
    // An approval goes where its incident is, and both stay there.
    const known = delivered.routed.get(live.messageKey) ?? delivered.routed.get('incident') ?? null;
    const quietHours = route?.quietHours ?? null;
    if (known !== null) return { places: this.resolve(known.to), quietHours, decided: null };
    if (route === null) return only(this.resolve(null));
    const decided = { messageKey: live.messageKey, rule: route.rule, to: route.to };
    return { places: this.resolve(route.to), quietHours, decided };
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

function only(places: readonly Place[]): Destinations {
  return { places, quietHours: null, decided: null };
}
