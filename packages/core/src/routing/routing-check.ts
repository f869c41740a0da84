import { injectable, injectEach } from '../di/inject.js';
import { AppError } from '../errors/app-error.js';
import { ChannelAdapter } from '../ports/channel-adapter.js';
import type { HostedService } from '../ports/hosted-service.js';
import { RoutingPolicy } from '../ports/routing-policy.js';
import { findRoomMistakes } from './find-room-mistakes.js';

/** Refuses to start with a route to a room that is not there: what goes there would be lost in silence. */
@injectable()
export class RoutingCheck implements HostedService {
  readonly name = 'RoutingCheck';

  constructor(
    @injectEach(RoutingPolicy) private readonly policies: readonly RoutingPolicy[],
    @injectEach(ChannelAdapter) private readonly channels: readonly ChannelAdapter[],
  ) {}

  start(): void {
    const rooms = this.policies.flatMap((policy) => policy.rooms);
    const mistakes = findRoomMistakes('routing', rooms, this.channels);
    if (mistakes.length > 0) throw new AppError('DW_ROUTING_INVALID', mistakes.join('\n'));
  }
}
