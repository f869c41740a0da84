import { z } from 'zod';
import { inject, injectable } from '../di/inject.js';
import { formatPlainText } from '../domain/outgoing-message.js';
import { parseBody } from '../http/parse-body.js';
import type { HttpRequest, HttpResponse, HttpRoute, HttpRoutes, Principal } from '../ports/http-routes.js';
import { MessageHandler } from './message-handler.js';

const messageSchema = z.object({ text: z.string() });

/** `POST /api/messages`: the chat, for scripts. */
@injectable()
export class MessageRoutes implements HttpRoutes {
  constructor(@inject(MessageHandler) private readonly handler: MessageHandler) {}

  get routes(): readonly HttpRoute[] {
    return [
      {
        method: 'POST',
        path: '/api/messages',
        auth: 'token',
        rateLimit: 'api',
        handle: (request) => this.handle(request),
      },
    ];
  }

  private async handle(request: HttpRequest): Promise<HttpResponse> {
    const { text } = await parseBody(messageSchema, request);
    const { actor } = request.principal as Principal;
    const destination = { channelType: actor.channelType, room: actor.userId };
    const message = { ...actor, text, metadata: { destination, messageId: null } };
    const replies = await this.handler.handle(message, { signal: request.signal });
    return {
      status: 200,
      body: { replies: replies.map((reply) => ({ text: formatPlainText(reply), buttons: reply.buttons })) },
    };
  }
}
