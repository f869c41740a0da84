import {
  ApprovalManager,
  HttpEndpoint,
  HttpRoutes,
  IncidentLog,
  MemoryIncidentLog,
  Playbook,
  PrometheusMetrics,
  Runs,
  SYSTEM_ACTOR,
  Tool,
  approvals,
  approvalsConfig,
  chat,
  createApp,
  definePlugin,
  httpServer,
  logTail,
  notifier,
} from '@dogwatch/core';
import type {
  Actor,
  App,
  HttpConfig,
  HttpRequest,
  HttpResponse,
  HttpRoute,
  IncidentSummary,
  JsonObject,
  PlaybookStep,
  RunSummary,
} from '@dogwatch/core';
import { webConsole } from '@dogwatch/channel-web';
import { FakeWorld, FakeWriteTool, RecordingLogger } from '@dogwatch/testkit';
import { httpSettings } from './console-server.js';

/** What an incident of the rig is made of. */
export interface RigIncident {
  readonly id: string;
  readonly title?: string;
  readonly message?: string;
}

const step: PlaybookStep = {
  id: 'set',
  tool: 'fake_set_template',
  with: { name: '{{ incident.resource.name }}', template: '{{ params.template }}' },
};

/** All that outlives a server of Dogwatch: the log, and the world that its one tool changes. */
export class ConsoleRig {
  readonly log = new MemoryIncidentLog();
  readonly world = new FakeWorld();
  /** The requests for the API that were answered, stream and session left out. */
  readonly apiRequests: string[] = [];
  /** What was done to incidents over HTTP. */
  readonly changes: string[] = [];
  private app: App | null = null;

  constructor() {
    this.world.add('web', 'old');
  }

  /** Starts the real server with console, chat and approvals; answers its URL. */
  async boot(http: Partial<HttpConfig> = {}, { timeoutSeconds = 300 } = {}): Promise<string> {
    const config = await approvalsConfig['~standard'].validate({ timeoutSeconds, objectCooldownSeconds: 0 });
    if (config.issues !== undefined) throw new Error('the configuration of approvals is invalid');
    const world = definePlugin({
      id: 'world',
      provides: [IncidentLog],
      register: ({ bind, contribute }) => {
        bind(IncidentLog).toValue(this.log);
        contribute(Tool).value(new FakeWriteTool(this.world));
        contribute(Playbook).value({ id: 'mend', title: 'Mend it', appliesTo: [], steps: [step] });
        contribute(Playbook).value({
          id: 'mend_boldly',
          title: 'Mend it boldly',
          appliesTo: [],
          steps: [{ ...step, risk: 'high' }],
        });
        contribute(HttpRoutes).value({ routes: this.incidentRoutes() });
      },
    });
    const server = httpServer(httpSettings(http));
    const plugins = [
      world(),
      logTail(),
      server,
      notifier(),
      approvals(config.value),
      chat(),
      webConsole({ messagesKept: 50 }),
    ];
    this.app = createApp({ plugins, core: { logger: new RecordingLogger(), metrics: new PrometheusMetrics() } });
    await this.app.start();
    return this.app.get(HttpEndpoint).url as string;
  }

  async stop(): Promise<void> {
    await this.app?.stop();
    this.app = null;
  }

  /** Writes an incident into the log as the incident pipeline would; a second time changes it. */
  async putIncident(
    { id, title = 'Deployment shop/web is in a crash loop', message = 'exit code 1' }: RigIncident,
    change: Partial<IncidentSummary> = {},
  ): Promise<void> {
    const stream = `incident/${id}`;
    const before = await this.log.getSummary(id);
    const at = before?.at ?? new Date().toISOString();
    const key = `fake/Deployment/shop/web-${id}`;
    const problem = { eventType: 'crash_loop', since: at, lastSeenAt: at, count: 3, active: true, message };
    const summary: IncidentSummary = {
      id,
      key,
      title,
      severity: 'critical',
      status: 'open',
      eventType: 'crash_loop',
      problems: [problem],
      cluster: 'fake',
      namespace: 'shop',
      resource: { kind: 'Deployment', name: 'web', uid: 'uid-1' },
      sources: ['watch'],
      openedAt: at,
      acknowledgedAt: null,
      resolvedAt: null,
      ...change,
    };
    const data = { eventType: 'crash_loop', count: 3, message };
    const types = before === null ? ['opened', 'problem-observed'] : ['problem-observed'];
    const events = types.map((type) => ({
      type,
      schemaVersion: 1,
      at: new Date().toISOString(),
      actor: SYSTEM_ACTOR,
      data,
    }));
    await this.log.append({
      appends: [{ stream, expectedVersion: 'any', events }],
      summaries: [
        {
          kind: 'incident',
          id,
          stream,
          open: summary.status !== 'resolved',
          key,
          namespace: 'shop',
          at,
          data: summary as unknown as JsonObject,
          isNew: before === null,
        },
      ],
    });
  }

  /** Starts a run that asks before it sets the template. */
  async ask(incidentId: string, { playbook = 'mend', template = 'new' } = {}): Promise<RunSummary> {
    const summary = await this.log.getSummary(incidentId);
    const start = await (this.app as App).get(Runs).start({
      incidentId,
      playbook,
      requestedBy: { channelType: 'policy', userId: 'crash-loop' },
      reason: 'rule crash-loop: it crashes',
      rule: 'crash-loop',
      cause: `${incidentId}/${playbook}/${template}`,
      scope: { incident: summary?.data ?? {}, problem: null, params: { template } },
    });
    if (!start.ok) throw new Error(start.reason);
    return start.run;
  }

  /** Decides the one approval that waits, from somewhere else. */
  async decideElsewhere(decision: 'approve' | 'reject', actor: Actor): Promise<void> {
    const { items } = await this.log.listSummaries({ kind: 'approval', open: true });
    const [waiting] = items;
    if (waiting === undefined) throw new Error('no approval waits');
    const outcome = await (this.app as App).get(ApprovalManager).decide({ approvalId: waiting.id, decision, actor });
    if (outcome.kind !== 'recorded') throw new Error(`the decision was not recorded: ${outcome.kind}`);
  }

  private incidentRoutes(): readonly HttpRoute[] {
    const common = { method: 'GET', auth: 'token', rateLimit: 'api' } as const;
    return [
      { ...common, path: '/api/incidents', handle: (request) => this.listIncidents(request) },
      { ...common, path: '/api/incidents/:id', handle: (request) => this.showIncident(request) },
      ...(['acknowledge', 'close'] as const).map((verb) => ({
        ...common,
        method: 'POST' as const,
        path: `/api/incidents/:id/${verb}`,
        handle: (request: HttpRequest) => this.changeIncident(request, verb),
      })),
    ];
  }

  private async listIncidents({ path, query }: HttpRequest): Promise<HttpResponse> {
    this.apiRequests.push(path);
    const open = query.get('status') !== 'resolved';
    const { items, next } = await this.log.listSummaries({ kind: 'incident', open });
    return { status: 200, body: { items: items.map((item) => item.data), next } };
  }

  private async changeIncident(
    { params, principal }: HttpRequest,
    verb: 'acknowledge' | 'close',
  ): Promise<HttpResponse> {
    const id = params['id'] as string;
    this.changes.push(`${verb} ${id} by ${principal?.actor.userId}`);
    const at = new Date().toISOString();
    const change: Partial<IncidentSummary> =
      verb === 'close' ? { status: 'resolved', resolvedAt: at } : { status: 'acknowledged', acknowledgedAt: at };
    await this.putIncident({ id }, change);
    return { status: 200, body: (await this.log.getSummary(id))?.data };
  }

  private async showIncident({ path, params }: HttpRequest): Promise<HttpResponse> {
    this.apiRequests.push(path);
    const stream = `incident/${params['id']}`;
    const [summary, timeline, runs, waits] = await Promise.all([
      this.log.getSummary(params['id'] as string),
      this.log.readStream(stream),
      this.log.listSummaries({ kind: 'run', stream }),
      this.log.listSummaries({ kind: 'approval', stream }),
    ]);
    const body = {
      ...summary?.data,
      timeline: timeline.map(({ at, type, actor, data }) => ({ at, type, actor, data })),
      runs: runs.items.map((item) => item.data),
      approvals: waits.items.map((item) => item.data),
      diagnosis: null,
    };
    return { status: 200, body };
  }
}
