import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inject, injectable, injectEach } from '../di/inject.js';
import { AppError } from '../errors/app-error.js';
import { Clock } from '../ports/clock.js';
import type { HostedService } from '../ports/hosted-service.js';
import type { AccessToken, HttpEndpoint } from '../ports/http-endpoint.js';
import { HttpRoutes } from '../ports/http-routes.js';
import type { HttpRoute } from '../ports/http-routes.js';
import { Logger } from '../ports/logger.js';
import { Metrics } from '../ports/metrics.js';
import { RateLimitBackend } from '../ports/rate-limit-backend.js';
import { Roles } from '../ports/roles.js';
import { loadAccessToken } from './access-token.js';
import { Authenticator } from './authenticator.js';
import { HttpConfig } from './config.js';
import { createKoaApp } from './koa-app.js';
import { SessionCookies } from './session-cookie.js';
import { sessionRoutes } from './session-routes.js';

// Only the sending of a request is timed: long answers are streams.
const requestTimeoutMs = 30_000;
// Longer than load balancers keep idle connections (60 s, mostly), or they send requests into one that is just closing.
const keepAliveTimeoutMs = 75_000;
// How long accepted requests may take to be answered once the server closes.
const drainMs = 4_000;

function rejectDuplicates(routes: readonly HttpRoute[]): void {
  const seen = new Set<string>();
  for (const route of routes) {
    const name = `${route.method} ${route.path}`;
    if (seen.has(name)) {
      throw new AppError('DW_HTTP_ROUTE_TWICE', `Two plugins answer '${name}'. Remove one of them from createApp.`);
    }
    seen.add(name);
  }
}

/** The HTTP server: listens when everything else has started, and drains before anything else stops. */
@injectable()
export class HttpServer implements HostedService, HttpEndpoint {
  readonly name = 'HttpServer';
  private server: Server | null = null;
  private address: string | null = null;
  private access: AccessToken | null = null;
  private readonly stopping = new AbortController();

  constructor(
    @inject(HttpConfig) private readonly config: HttpConfig,
    @injectEach(HttpRoutes) private readonly contributions: readonly HttpRoutes[],
    @inject(Clock) private readonly clock: Clock,
    @inject(Logger) private readonly logger: Logger,
    @inject(Metrics) private readonly metrics: Metrics,
    @inject(RateLimitBackend) private readonly rateLimitBackend: RateLimitBackend,
    @inject(Roles) private readonly roles: Roles,
  ) {}

  get url(): string | null {
    return this.address;
  }

  get accessToken(): AccessToken | null {
    return this.access;
  }

  async start(): Promise<void> {
    const { clock, logger, metrics, config } = this;
    this.access =
      config.token === null ? await loadAccessToken(config.dataFolder) : { token: config.token, isNew: false };
    const token = this.access.token.reveal();
    const cookies = new SessionCookies(token);
    const authenticator = new Authenticator(token, cookies);
    const all = [
      ...sessionRoutes({ authenticator, cookies, clock }),
      ...this.contributions.flatMap((contribution) => contribution.routes),
    ];
    rejectDuplicates(all);
    const routes = this.roles.has('api') ? all : all.filter((route) => route.everyRole === true);
    const koa = createKoaApp({
      routes,
      authenticator,
      rateLimits: { apiPerMinute: config.rateLimitPerMinute, webhookPerMinute: config.webhookRateLimitPerMinute },
      backend: this.rateLimitBackend,
      trustedProxies: config.trustedProxies,
      clock,
      logger,
      metrics,
      stopSignal: this.stopping.signal,
    });
    const handle = koa.callback();
    this.server = createServer(
      { requestTimeout: requestTimeoutMs, keepAliveTimeout: keepAliveTimeoutMs },
      (request, response) => void handle(request, response),
    );
  }

  async open(): Promise<void> {
    const { host, port } = this.config;
    const server = this.server as Server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause) => {
        reject(
          new AppError(
            'DW_HTTP_LISTEN',
            `Dogwatch cannot listen on ${host}:${port}: ${cause.message}. Set DOGWATCH_PORT to a free port (0 = any), or DOGWATCH_HOST to an address of this machine.`,
            { cause },
          ),
        );
      });
      server.listen(port, host, resolve);
    });
    const { port: boundPort } = server.address() as AddressInfo;
    this.address = `http://${host.includes(':') ? `[${host}]` : host}:${boundPort}`;
  }

  async close(): Promise<void> {
    const { server } = this;
    if (server === null || !server.listening) return;
    const drained = new Promise<void>((resolve) => server.close(() => resolve()));
    // Event streams never end by themselves.
    this.stopping.abort(new Error('the server is stopping'));
    server.closeIdleConnections();
    const gaveUp = new AbortController();
    await Promise.race([drained, this.clock.sleep(drainMs, gaveUp.signal).catch(() => undefined)]);
    gaveUp.abort();
    server.closeAllConnections();
    this.address = null;
  }

  stop(): void {
    this.stopping.abort(new Error('the server is stopping'));
    this.server?.closeAllConnections();
  }
}
