import { AppError, isAppError, parseBody } from '@dogwatch/core';
import type { Clock, Counter, HttpRequest, HttpResponse, HttpRoute, Logger, Metrics, Secret } from '@dogwatch/core';
import { z } from 'zod';
import { isRedelivery, RefusedRequest, RequestGuard } from './request-guard.js';
import type { AdmittedRequest } from './request-guard.js';
import { WEBHOOK_PATH } from './slack-manifest.js';
import type { SlackEnvelope } from './slack-relay.js';

/** What the webhook is made of. */
export interface SlackWebhookParts {
  readonly signingSecret: Secret;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Resolves with the content of the acknowledgement when a delivery is stored. */
  process(envelope: SlackEnvelope): Promise<unknown>;
}

const bodySchema = z.record(z.string(), z.unknown());

// Slack's largest payloads are far below.
const maxBodyBytes = 1024 * 1024;

/** `POST /api/webhook/slack`: events, presses and slash commands; says 200 when they are stored, 503 when they cannot be. */
export class SlackWebhook {
  private readonly guard: RequestGuard;
  private readonly refused: Counter;

  constructor(private readonly parts: SlackWebhookParts) {
    this.guard = new RequestGuard(parts.signingSecret, parts.clock);
    this.refused = parts.metrics.counter({
      name: 'dogwatch_slack_refused_requests_total',
      help: 'Requests to the Slack webhook that Slack did not sign, or that came too late or twice.',
      labels: ['reason'],
    });
  }

  get route(): HttpRoute {
    return {
      method: 'POST',
      path: WEBHOOK_PATH,
      auth: 'none',
      rateLimit: 'webhook',
      maxBodyBytes,
      handle: (request) => this.handle(request),
    };
  }

  private async handle(request: HttpRequest): Promise<HttpResponse> {
    const admitted = this.admit(request);
    try {
      const body = await readDelivery(request);
      if (body['type'] === 'url_verification') return { status: 200, body: { challenge: body['challenge'] } };
      const retryNum = isRedelivery(request.headers) ? Number(request.headers['x-slack-retry-num']) : 0;
      const answer = await this.parts.process({ body, retryNum, deliveryId: admitted.deliveryId });
      return answer === undefined ? { status: 200, body: '' } : { status: 200, body: answer };
    } catch (error) {
      if (isReplay(error)) return this.answerReplay(request);
      // What was not taken may come again with the same signature within the same second.
      admitted.forget();
      throw error;
    }
  }

  private admit(request: HttpRequest): AdmittedRequest {
    try {
      return this.guard.admit(request);
    } catch (error) {
      if (!(error instanceof RefusedRequest)) throw error;
      throw this.refuse(request, error);
    }
  }

  // Taken before, by another replica or before a restart. Slack itself is told so; it would send it again otherwise.
  private answerReplay(request: HttpRequest): HttpResponse {
    if (isRedelivery(request.headers)) return { status: 200, body: '' };
    throw this.refuse(request, new RefusedRequest('replay'));
  }

  private refuse(request: HttpRequest, refusal: RefusedRequest): AppError {
    this.refused.increment({ reason: refusal.reason });
    this.parts.logger.warn('slack.request-refused', 'A request to the Slack webhook is refused', {
      channel: 'slack',
      reason: refusal.reason,
      ip: request.ip,
    });
    return refusal.toAppError();
  }
}

/** Events come as JSON, presses as JSON in the form field `payload`, slash commands as form fields. */
async function readDelivery(request: HttpRequest): Promise<Readonly<Record<string, unknown>>> {
  const type = request.headers['content-type'] ?? '';
  if (!type.includes('application/x-www-form-urlencoded')) return parseBody(bodySchema, request);
  const form = new URLSearchParams(new TextDecoder().decode(request.rawBody));
  const payload = form.get('payload');
  if (payload === null) return Object.fromEntries(form);
  try {
    return bodySchema.parse(JSON.parse(payload));
  } catch (cause) {
    throw new AppError('DW_HTTP_INVALID', "The form field 'payload' is not the JSON that Slack sends.", { cause });
  }
}

/** Whether what was delivered had been taken before, in this very delivery. */
export function isReplay(error: unknown): boolean {
  return isAppError(error) && error.code === 'DW_CHANNEL_REPLAYED';
}
