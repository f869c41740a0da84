import { injectable, injectEach } from '../di/inject.js';
import { AppError } from '../errors/app-error.js';
import { ChannelAdapter } from '../ports/channel-adapter.js';
import type { HostedService } from '../ports/hosted-service.js';
import { RoutingPolicy } from '../ports/routing-policy.js';
import { findPlaces } from './parse-room.js';

/** Refuses to start with a route to a channel that is not installed: what goes there would be lost in silence. */
@injectable()
export class RoutingCheck implements HostedService {
  readonly name = 'RoutingCheck';

  constructor(
    @injectEach(RoutingPolicy) private readonly policies: readonly RoutingPolicy[],
    @injectEach(ChannelAdapter) private readonly channels: readonly ChannelAdapter[],
  ) {}

  start(): void {
    const lost = this.policies
      .flatMap((policy) => policy.rooms)
      .filter((room) => findPlaces(room, this.channels).length === 0);
    if (lost.length === 0) return;
    const known = this.channels.map((channel) => channel.type).join(', ') || 'none';
    throw new AppError(
      'DW_ROUTING_INVALID',
      `The routing sends to ${lost.map((room) => `'${room}'`).join(', ')}, which no installed channel has. Channels: ${known}.`,
    );
  }
}
