import type { IncomingMessage } from 'node:http';
import Router from '@koa/router';
import type { RouterContext } from '@koa/router';
import Koa from 'koa';
import type { Context, Middleware, Next } from 'koa';
import type { Clock } from '../ports/clock.js';
import type { HttpRequest, HttpRoute } from '../ports/http-routes.js';
import type { Logger } from '../ports/logger.js';
import type { Counter, Histogram, Metrics } from '../ports/metrics.js';
import type { RateLimitBackend } from '../ports/rate-limit-backend.js';
import type { Authenticator } from './authenticator.js';
import { errorBody, toErrorAnswer } from './error-response.js';
import { sendEventStream } from './event-stream.js';
import { limitRate } from './rate-limit.js';
import { DEFAULT_MAX_BODY_BYTES, parseJsonBody, readBody } from './read-body.js';

/** What the Koa app is made of. */
export interface KoaAppOptions {
  readonly routes: readonly HttpRoute[];
  readonly authenticator: Authenticator;
  readonly rateLimits: { readonly apiPerMinute: number; readonly webhookPerMinute: number };
  readonly backend: RateLimitBackend;
  /** How many proxies stand before the server: so many last entries of X-Forwarded-For are theirs to write. */
  readonly trustedProxies: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Aborted when the server stops. */
  readonly stopSignal: AbortSignal;
}

interface HttpMetrics {
  readonly requests: Counter;
  readonly seconds: Histogram;
}

function httpMetrics(metrics: Metrics): HttpMetrics {
  return {
    requests: metrics.counter({
      name: 'dogwatch_http_requests_total',
      help: 'Answered HTTP requests.',
      labels: ['method', 'route', 'status'],
    }),
    seconds: metrics.histogram({
      name: 'dogwatch_http_request_duration_seconds',
      help: 'Time from the request to its answer; event streams are left out.',
      labels: ['route'],
    }),
  };
}

function clientSignal(context: Context, stopSignal: AbortSignal): AbortSignal {
  const gone = new AbortController();
  context.res.once('close', () => gone.abort(new Error('the client went away')));
  return AbortSignal.any([gone.signal, stopSignal]);
}

async function toHttpRequest(route: HttpRoute, context: RouterContext, options: KoaAppOptions): Promise<HttpRequest> {
  const principal =
    route.auth === 'none'
      ? null
      : options.authenticator.authenticate({
          method: context.method,
          headers: context.headers,
          now: options.clock.now(),
        });
  const rawBody = await readBody(context.req as IncomingMessage, route.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES);
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(context.headers)) {
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return {
    method: context.method,
    path: context.path,
    params: context.params as Readonly<Record<string, string>>,
    query: new URLSearchParams(context.querystring),
    headers,
    rawBody,
    json: () => parseJsonBody(rawBody),
    principal,
    ip: context.ip,
    signal: clientSignal(context, options.stopSignal),
  };
}

function routeHandler(route: HttpRoute, options: KoaAppOptions) {
  return async (context: RouterContext): Promise<void> => {
    const request = await toHttpRequest(route, context, options);
    const response = await route.handle(request);
    if (response.headers !== undefined) context.set({ ...response.headers });
    if ('stream' in response) {
      context.respond = false;
      await sendEventStream(context.res, response.stream, request.signal);
      return;
    }
    context.status = response.status;
    const { body } = response;
    if (body === undefined || body === null) context.body = null;
    else if (typeof body === 'string' || body instanceof Uint8Array) {
      context.body = typeof body === 'string' ? body : Buffer.from(body);
    } else {
      context.type = 'application/json; charset=utf-8';
      context.body = JSON.stringify(body);
    }
    // Koa turns an absent body into 204.
    context.status = response.status;
  };
}

function answerErrors(logger: Logger) {
  return async (context: Context, next: Next): Promise<void> => {
    try {
      await next();
    } catch (error) {
      const answer = toErrorAnswer(error);
      if (answer.isUnexpected) {
        logger.error('http.failed', 'A request failed', { method: context.method, path: context.path, error });
      }
      if (context.res.headersSent) {
        context.res.destroy();
        return;
      }
      context.respond = true;
      context.status = answer.status;
      context.set({ ...answer.headers });
      context.body = answer.body;
      // What is left of a refused body must not be read as the next request.
      if (!context.req.complete) context.set('Connection', 'close');
    }
  };
}

function countRequests(metrics: HttpMetrics, clock: Clock) {
  return async (context: Context, next: Next): Promise<void> => {
    const startedAt = clock.now();
    await next();
    const route = (context as { _matchedRoute?: string })._matchedRoute ?? '(none)';
    metrics.requests.increment({ method: context.method, route, status: String(context.status) });
    if (context.respond !== false) metrics.seconds.observe((clock.now() - startedAt) / 1000, { route });
  };
}

async function answerUnknown(context: Context, next: Next): Promise<void> {
  context.set('X-Content-Type-Options', 'nosniff');
  await next();
  if (context.respond === false || context.body !== undefined) return;
  if (context.status === 404) {
    context.status = 404;
    context.body = errorBody('DW_HTTP_NOT_FOUND', `There is nothing at '${context.method} ${context.path}'.`);
  } else if (context.status === 405 || context.status === 501) {
    const { status } = context;
    context.body = errorBody('DW_HTTP_METHOD', `'${context.path}' does not take ${context.method}.`);
    context.status = status === 501 ? 405 : status;
  }
}

function routeLimits(options: KoaAppOptions): Record<'api' | 'webhook', Middleware> {
  const { apiPerMinute, webhookPerMinute } = options.rateLimits;
  return {
    api: limitRate(
      { name: 'api', perMinute: apiPerMinute, refusal: 'DW_HTTP_RATE_LIMITED', setting: 'RATE_LIMIT_PER_MINUTE' },
      options,
    ),
    webhook: limitRate(
      {
        name: 'webhook',
        perMinute: webhookPerMinute,
        refusal: 'DW_HTTP_WEBHOOK_BUSY',
        setting: 'WEBHOOK_RATE_LIMIT_PER_MINUTE',
      },
      options,
    ),
  };
}

/** Builds the Koa app of all routes; koa and its companions are known in this folder alone. */
export function createKoaApp(options: KoaAppOptions): Koa {
  // Without a bound Koa believes the first entry, which any client can write.
  const app = new Koa({ proxy: options.trustedProxies > 0, maxIpsCount: options.trustedProxies });
  app.silent = true;
  const limits = routeLimits(options);
  const router = new Router();
  for (const route of options.routes) {
    const limiters = route.rateLimit === 'none' ? [] : [limits[route.rateLimit]];
    router.register(route.path, [route.method.toLowerCase()], [...limiters, routeHandler(route, options)] as never);
  }
  app.use(async (context, next) => {
    await next();
    // A stopping server waits for its connections to end.
    if (options.stopSignal.aborted && context.respond !== false) context.set('Connection', 'close');
  });
  app.use(countRequests(httpMetrics(options.metrics), options.clock));
  app.use(answerErrors(options.logger));
  app.use(answerUnknown);
  app.use(router.routes() as never);
  app.use(router.allowedMethods() as never);
  return app;
}
