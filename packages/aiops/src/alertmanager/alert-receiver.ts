import { AppError, Clock, IncidentLog, Metrics, constantTimeEqual, inject, injectable } from '@dogwatch/core';
import type { Counter, ErrorDetail, HttpRequest, HttpResponse, HttpRoute, HttpRoutes } from '@dogwatch/core';
import { AlertInbox } from './alert-inbox.js';
import { parsePayload } from './alert-payload.js';
import type { AlertBatch } from './alert-payload.js';
import { AlertmanagerSettings } from './alertmanager-settings.js';

const maxBodyBytes = 16 * 1024 * 1024;

/** `POST /api/alert/webhook`: stores what Alertmanager sends before it says 200. */
@injectable()
export class AlertReceiver implements HttpRoutes {
  private readonly inbox: AlertInbox;
  private readonly received: Counter;

  constructor(
    @inject(IncidentLog) log: IncidentLog,
    @inject(Clock) private readonly clock: Clock,
    @inject(Metrics) metrics: Metrics,
    @inject(AlertmanagerSettings) private readonly settings: AlertmanagerSettings,
  ) {
    this.inbox = new AlertInbox(log);
    this.received = metrics.counter({
      name: 'dogwatch_alerts_received_total',
      help: 'Alerts that Alertmanager sent and the log has; broken ones are kept aside.',
      labels: ['status'],
    });
  }

  get routes(): readonly HttpRoute[] {
    return [
      {
        method: 'POST',
        path: '/api/alert/webhook',
        auth: 'none',
        rateLimit: 'webhook',
        maxBodyBytes,
        handle: (request) => this.receive(request),
      },
    ];
  }

  private async receive(request: HttpRequest): Promise<HttpResponse> {
    this.authenticate(request.headers['authorization']);
    const parsed = parsePayload(request.json());
    if (!parsed.ok) throw invalid('The payload is not what Alertmanager sends', parsed.problems);
    const { batch } = parsed;
    if (batch.alerts.length + batch.broken.length > 0) await this.inbox.store(batch, this.clock.now());
    this.count(batch);
    if (batch.broken.length > 0) {
      const problems = batch.broken.flatMap((alert) => alert.problems);
      throw invalid(
        `${batch.alerts.length} alerts are stored, ${batch.broken.length} broken ones are kept aside`,
        problems,
      );
    }
    return { status: 200, body: { stored: batch.alerts.length } };
  }

  private authenticate(header: string | undefined): void {
    const { secret } = this.settings;
    if (secret === null) {
      throw unauthenticated(
        'The alert webhook is off: set ALERTMANAGER_WEBHOOK_SECRET, and send it as bearer token or basic password.',
      );
    }
    const given = credentialOf(header ?? '');
    if (given === null) throw unauthenticated('The alert webhook wants the secret as bearer token or basic password.');
    if (!constantTimeEqual(given, secret.reveal())) throw unauthenticated('The secret of the alert webhook is wrong.');
  }

  private count({ alerts, broken }: AlertBatch): void {
    for (const { status } of alerts) this.received.increment({ status });
    if (broken.length > 0) this.received.increment({ status: 'broken' }, broken.length);
  }
}

/** The bearer token or basic password of an Authorization header, or `null`. */
export function credentialOf(header: string): string | null {
  const [, scheme = '', value = ''] = /^(\S+) +(\S.*)$/.exec(header.trim()) ?? [];
  if (scheme.toLowerCase() === 'bearer') return value.trim();
  if (scheme.toLowerCase() !== 'basic') return null;
  const text = Buffer.from(value.trim(), 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? null : text.slice(colon + 1);
}

function unauthenticated(message: string): AppError {
  return new AppError('DW_ALERT_UNAUTHENTICATED', message);
}

function invalid(lead: string, details: readonly ErrorDetail[]): AppError {
  const [first] = details;
  return new AppError('DW_HTTP_INVALID', `${lead}: ${first?.path ?? ''}: ${first?.message ?? ''}.`, { details });
}
