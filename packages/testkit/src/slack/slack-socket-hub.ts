import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { DeliveryOptions, SlackOutcome } from './slack-delivery.js';
import type { SlackPayload } from './slack-payloads.js';
import { acceptWebSocket } from './web-socket-connection.js';
import type { WebSocketConnection } from './web-socket-connection.js';

interface Waiter {
  readonly resolve: (outcome: SlackOutcome) => void;
  readonly timer: NodeJS.Timeout;
}

/** Socket Mode: tickets, connections, envelopes and their acknowledgements; https://docs.slack.dev/apis/events-api/using-socket-mode. */
export class SlackSocketHub {
  /** Everything that clients sent, oldest first. */
  readonly received: unknown[] = [];
  /** How many connections were greeted since the start. */
  greeted = 0;
  private readonly tickets = new Set<string>();
  private readonly open = new Set<WebSocketConnection>();
  private readonly waiters = new Map<string, Waiter>();
  private readonly watchers = new Set<() => void>();
  private made = 0;

  constructor(private readonly acknowledgeWithinMs: number) {}

  get connections(): number {
    return this.open.size;
  }

  /** A ticket that opens one connection. */
  issueTicket(): string {
    const ticket = `ticket-${(this.made += 1)}`;
    this.tickets.add(ticket);
    return ticket;
  }

  accept(request: IncomingMessage, socket: Duplex): void {
    const ticket = new URL(request.url ?? '/', 'http://localhost').searchParams.get('ticket') ?? '';
    if (!this.tickets.delete(ticket)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    const connection = acceptWebSocket(request, socket, {
      onText: (text) => this.take(text),
      onClose: () => {
        if (connection !== null) this.open.delete(connection);
        this.tell();
      },
    });
    if (connection === null) return;
    this.open.add(connection);
    this.greeted += 1;
    connection.sendText(
      JSON.stringify({ type: 'hello', num_connections: this.open.size, connection_info: { app_id: 'A0FAKE0001' } }),
    );
    this.tell();
  }

  /** Resolves when `condition` holds, which is looked at after every connection that comes or goes. */
  async until(condition: (hub: SlackSocketHub) => boolean): Promise<void> {
    if (condition(this)) return;
    await new Promise<void>((resolve) => {
      const watch = (): void => {
        if (!condition(this)) return;
        this.watchers.delete(watch);
        resolve();
      };
      this.watchers.add(watch);
    });
  }

  /** Sends an envelope to one of the connections, as Slack does, and waits for its acknowledgement. */
  deliver({ kind, body }: SlackPayload, { retryNum, retryReason }: DeliveryOptions): Promise<SlackOutcome> {
    const connection = [...this.open].at(-1);
    if (connection === undefined) return Promise.resolve({ status: null, body: null });
    const envelope_id = `envelope-${(this.made += 1)}`;
    const retry = kind === 'events_api' ? { retry_attempt: retryNum ?? 0, retry_reason: retryReason ?? '' } : {};
    const accepts_response_payload = kind !== 'events_api';
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.settle(envelope_id, { status: null, body: null }), this.acknowledgeWithinMs);
      this.waiters.set(envelope_id, { resolve, timer });
      connection.sendText(
        JSON.stringify({ envelope_id, type: kind, accepts_response_payload, payload: body, ...retry }),
      );
    });
  }

  /** Asks every client to connect anew, as Slack does every few hours. */
  requestRefresh(): void {
    for (const connection of this.open) {
      connection.sendText(
        JSON.stringify({ type: 'disconnect', reason: 'refresh_requested', debug_info: { host: 'fake' } }),
      );
    }
  }

  /** Cuts every connection without a word. */
  cut(): void {
    for (const connection of this.open) connection.destroy();
  }

  ping(): void {
    for (const connection of this.open) connection.ping();
  }

  close(): void {
    for (const id of [...this.waiters.keys()]) this.settle(id, { status: null, body: null });
    this.cut();
  }

  private take(text: string): void {
    const message = JSON.parse(text) as { envelope_id?: string; payload?: unknown };
    this.received.push(message);
    if (message.envelope_id !== undefined) {
      this.settle(message.envelope_id, { status: 200, body: message.payload ?? null });
    }
  }

  private settle(envelopeId: string, outcome: SlackOutcome): void {
    const waiter = this.waiters.get(envelopeId);
    if (waiter === undefined) return;
    this.waiters.delete(envelopeId);
    clearTimeout(waiter.timer);
    waiter.resolve(outcome);
  }

  private tell(): void {
    for (const watch of [...this.watchers]) watch();
  }
}
