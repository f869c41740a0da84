import { AppError, inject, injectable, parseBody } from '@dogwatch/core';
import type { HttpRequest, HttpResponse, HttpRoute, HttpRoutes, Principal } from '@dogwatch/core';
import { z } from 'zod';
import { ConsoleChat } from './console-chat.js';

const path = '/api/console/messages';

const bodySchema = z.union([
  z.strictObject({ text: z.string().min(1).max(4_000) }),
  z.strictObject({
    messageId: z.string().min(1).max(64),
    action: z.enum(['approve', 'reject', 'ask-again']),
    approvalId: z.string().min(1).max(64),
  }),
]);

function personOf(request: HttpRequest): string {
  const { actor } = request.principal as Principal;
  if (actor.channelType === 'web') return actor.userId;
  throw new AppError(
    'DW_CHANNEL_SESSION',
    `Only somebody who is logged in at the console can write there, not '${actor.channelType}:${actor.userId}'. Scripts use POST /api/messages.`,
  );
}

/** `GET` and `POST /api/console/messages`: the chat of the console's page. */
@injectable()
export class ConsoleMessageRoutes implements HttpRoutes {
  constructor(@inject(ConsoleChat) private readonly chat: ConsoleChat) {}

  get routes(): readonly HttpRoute[] {
    const common = { path, auth: 'token', rateLimit: 'api' } as const;
    return [
      { ...common, method: 'GET', handle: (request) => this.list(request) },
      { ...common, method: 'POST', maxBodyBytes: 64 * 1024, handle: (request) => this.take(request) },
    ];
  }

  private async list(request: HttpRequest): Promise<HttpResponse> {
    const items = this.chat.messages(request.principal as Principal);
    return { status: 200, headers: { 'cache-control': 'no-store' }, body: { items, next: null } };
  }

  private async take(request: HttpRequest): Promise<HttpResponse> {
    const name = personOf(request);
    const said = await parseBody(bodySchema, request);
    if ('text' in said) return { status: 200, body: this.chat.write(name, said.text) };
    this.chat.press(name, said);
    return { status: 204 };
  }
}
