import { AppError, IncidentLog, inject, injectable } from '@dogwatch/core';
import type {
  ErrorDetail,
  HttpRequest,
  HttpResponse,
  HttpRoute,
  HttpRoutes,
  Principal,
  SummaryQuery,
} from '@dogwatch/core';
import { z } from 'zod';
import { incidentStream } from './incident-events.js';
import { Incidents } from './incidents.js';
import { readCaseRows } from './read-case.js';
import { readIncidentSummary } from './summarize-incident.js';

const querySchema = z.object({
  status: z.enum(['open', 'resolved', 'all']).default('open'),
  namespace: z.string().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z.string().min(1).optional(),
});

const closeSchema = z.object({ reason: z.string().min(1).max(2_000).nullish() });

/** `GET /api/incidents`, one incident with its story, acknowledge and close. */
@injectable()
export class IncidentRoutes implements HttpRoutes {
  constructor(
    @inject(IncidentLog) private readonly log: IncidentLog,
    @inject(Incidents) private readonly incidents: Incidents,
  ) {}

  get routes(): readonly HttpRoute[] {
    const common = { auth: 'token', rateLimit: 'api' } as const;
    return [
      { ...common, method: 'GET', path: '/api/incidents', handle: (request) => this.list(request) },
      { ...common, method: 'GET', path: '/api/incidents/:id', handle: (request) => this.show(request) },
      {
        ...common,
        method: 'POST',
        path: '/api/incidents/:id/acknowledge',
        handle: (request) => this.acknowledge(request),
      },
      { ...common, method: 'POST', path: '/api/incidents/:id/close', handle: (request) => this.close(request) },
    ];
  }

  private async list(request: HttpRequest): Promise<HttpResponse> {
    const { status, namespace, limit, cursor } = parseQuery(request.query);
    const query: SummaryQuery = {
      kind: 'incident',
      limit,
      ...(status === 'all' ? {} : { open: status === 'open' }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(cursor === undefined ? {} : { cursor }),
    };
    const { items, next } = await this.log.listSummaries(query);
    return { status: 200, body: { items: items.map(readIncidentSummary), next } };
  }

  private async show({ params }: HttpRequest): Promise<HttpResponse> {
    const id = params['id'] ?? '';
    const row = await this.log.getSummary(id);
    if (row?.kind !== 'incident') throw unknownIncident(id);
    const events = await this.log.readStream(incidentStream(id));
    const timeline = events.map(({ at, type, actor, data }) => ({ at, type, actor, data }));
    const { runs, approvals } = await readCaseRows(this.log, id);
    return { status: 200, body: { ...readIncidentSummary(row), timeline, runs, approvals, diagnosis: null } };
  }

  private async acknowledge({ params, principal }: HttpRequest): Promise<HttpResponse> {
    const { actor } = principal as Principal;
    return { status: 200, body: await this.incidents.acknowledge(params['id'] ?? '', actor) };
  }

  private async close(request: HttpRequest): Promise<HttpResponse> {
    const { actor } = request.principal as Principal;
    const reason = request.rawBody.length === 0 ? null : (parse(closeSchema, request.json()).reason ?? null);
    return { status: 200, body: await this.incidents.close(request.params['id'] ?? '', actor, reason) };
  }
}

function parseQuery(query: URLSearchParams): z.output<typeof querySchema> {
  return parse(querySchema, Object.fromEntries(query));
}

function parse<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const details: ErrorDetail[] = result.error.issues.map((issue) => ({
    path: issue.path.join('.'),
    message: issue.message,
  }));
  const [first] = details;
  throw new AppError(
    'DW_HTTP_INVALID',
    `The request is not as expected: ${first?.path ?? ''}: ${first?.message ?? ''}.`,
    {
      details,
    },
  );
}

function unknownIncident(id: string): AppError {
  return new AppError('DW_INCIDENT_UNKNOWN', `There is no incident '${id}'. GET /api/incidents lists the open ones.`);
}
