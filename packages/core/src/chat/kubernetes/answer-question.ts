import { stringify } from 'yaml';
import type { JsonObject, JsonValue } from '../../domain/json.js';
import { plainMessage } from '../../domain/outgoing-message.js';
import type { OutgoingMessage } from '../../domain/outgoing-message.js';
import { stripControls } from '../../domain/strip-controls.js';
import type { Clock } from '../../ports/clock.js';
import type { ClusterRegistry } from '../../ports/cluster-registry.js';
import type { KubernetesQuestion, ListAsk, ListedResource, TargetAsk } from './kubernetes-ask.js';
import { listRecipes } from './list-answers.js';
import type { ListedRow } from './list-answers.js';
import { tableMessage } from './render-rows.js';
import { resolveAny, resolveDeployment, resolvePod } from './resolve-target.js';
import type { FoundObject } from './resolve-target.js';
import { resolvePlace } from './resolved-place.js';
import type { ResolvedPlace } from './resolved-place.js';
import type { ToolDesk } from './tool-desk.js';

/** An answer, and what it was about. */
export interface KubernetesAnswer {
  readonly messages: readonly OutgoingMessage[];
  readonly subjects: readonly FoundObject[];
  readonly cluster: string | null;
}

/** What answers are made with. */
export interface QuestionParts {
  readonly desk: ToolDesk;
  readonly registry: ClusterRegistry;
  readonly clock: Clock;
}

const usualLogLines = 30;
const maxBlockLength = 3_000;
const readAtMost = 500;

type Ask<K extends KubernetesQuestion['kind']> = Extract<KubernetesQuestion, { readonly kind: K }>;

function say(text: string, cluster: string | null = null): KubernetesAnswer {
  return { messages: [plainMessage(text)], subjects: [], cluster };
}

function describePlace({ cluster, namespace }: ResolvedPlace): string {
  return namespace === null ? `on ${cluster.name}` : `in ${namespace} (${cluster.name})`;
}

function callPlace({ cluster, namespace }: ResolvedPlace): JsonObject {
  return { cluster: cluster.name, ...(namespace === null ? {} : { namespace }) };
}

function codeMessage(title: string, text: string): OutgoingMessage {
  return { ...plainMessage(''), title, blocks: [{ kind: 'code', text: stripControls(text) }] };
}

/** Answers questions about clusters by calling reading tools. */
export class QuestionAnswers {
  constructor(private readonly parts: QuestionParts) {}

  async answer(ask: KubernetesQuestion): Promise<KubernetesAnswer> {
    if (ask.kind === 'contexts') return this.contexts();
    const resolved = await resolvePlace(this.parts.registry, this.parts.desk, ask.place);
    if (!resolved.ok) return say(resolved.message);
    const place = resolved.value;
    switch (ask.kind) {
      case 'list':
        return this.list(ask, place);
      case 'broken':
        return this.broken(place);
      case 'logs':
        return this.logs(ask, place);
      case 'events-of':
        return this.eventsOf(ask, place);
      case 'top':
        return this.top(ask, place);
      case 'describe':
        return this.describe(ask, place);
      case 'rollout-status':
      case 'rollout-history':
        return this.rollout(ask, place);
    }
  }

  private async readList(
    { resource, filter, limit }: Pick<ListAsk, 'resource' | 'filter' | 'limit'>,
    place: ResolvedPlace,
  ): Promise<{ readonly rows: readonly ListedRow[]; readonly total: number; readonly isCut: boolean }> {
    const recipe = listRecipes[resource];
    const output = (await this.parts.desk.read(recipe.tool, {
      ...callPlace(recipe.hasNamespace ? place : { ...place, namespace: null }),
      limit: Math.min(limit ?? readAtMost, readAtMost),
      ...(filter === null ? {} : (recipe.filter?.(filter) ?? {})),
    })) as JsonObject;
    const items = output[recipe.items] as readonly JsonObject[];
    const context = { nowMs: this.parts.clock.now(), showNamespace: place.namespace === null };
    const rows = items.map((item) => recipe.row(item, context));
    const { total } = output;
    return { rows, total: typeof total === 'number' ? total : rows.length, isCut: output['isCut'] === true };
  }

  private async list(ask: ListAsk, place: ResolvedPlace): Promise<KubernetesAnswer> {
    const recipe = listRecipes[ask.resource];
    const { rows, total, isCut } = await this.readList(ask, place);
    const shownPlace = describePlace(recipe.hasNamespace ? place : { ...place, namespace: null });
    const state = ask.filter === null ? '' : `${filterWord(ask.resource, ask.filter)} `;
    if (rows.length === 0) return say(`No ${state}${recipe.noun[1]} ${shownPlace}.`, place.cluster.name);
    const count = ask.limit === null ? total : rows.length;
    const cut = ask.limit === null && isCut && total === rows.length ? 'at least ' : '';
    const title = `${cut}${count} ${state}${recipe.noun[count === 1 ? 0 : 1]} ${shownPlace}`;
    const header = recipe.hasNamespace && place.namespace === null ? [...recipe.header, 'NS'] : recipe.header;
    const message = tableMessage(title, { header, rows: rows.map(({ cells }) => cells), total: count });
    return { messages: [message], subjects: rows, cluster: place.cluster.name };
  }

  private async broken(place: ResolvedPlace): Promise<KubernetesAnswer> {
    const resources: readonly ListedResource[] = ['nodes', 'deployments', 'pods'];
    const messages: OutgoingMessage[] = [];
    const subjects: FoundObject[] = [];
    for (const resource of resources) {
      if (resource === 'nodes' && place.namespace !== null) continue;
      const answer = await this.list(
        { kind: 'list', resource, filter: 'unhealthy', limit: null, isCount: false, place: placeOf(place) },
        place,
      );
      if (answer.subjects.length === 0) continue;
      messages.push(...answer.messages);
      subjects.push(...answer.subjects);
    }
    if (messages.length === 0) {
      return say(
        `Nothing is broken ${describePlace(place)}: every Deployment has its replicas, every pod is ready.`,
        place.cluster.name,
      );
    }
    const title = messages.map((message) => message.title).join('; ');
    const blocks = messages.flatMap((message) => message.blocks);
    return { messages: [{ ...plainMessage(''), title, blocks }], subjects, cluster: place.cluster.name };
  }

  private async logs(ask: Ask<'logs'>, place: ResolvedPlace): Promise<KubernetesAnswer> {
    const found = resolvePod(ask.target, place);
    if (!found.ok) return say(found.message);
    const { pod, among } = found.value;
    const containers = pod.containers.filter(({ isInit }) => !isInit);
    const chosen = ask.container === undefined ? null : pod.containers.find(({ name }) => name === ask.container);
    if (chosen === undefined) {
      const known = pod.containers.map(({ name }) => name).join(', ');
      return say(`Pod ${pod.namespace}/${pod.name} has no container '${ask.container}'. It has: ${known}.`);
    }
    const worst =
      chosen ?? [...containers].sort((a, b) => Number(a.ready) - Number(b.ready) || b.restartCount - a.restartCount)[0];
    const isNamed = worst !== undefined && (containers.length > 1 || chosen !== null);
    const output = (await this.parts.desk.read('k8s_get_logs', {
      cluster: place.cluster.name,
      namespace: pod.namespace,
      name: pod.name,
      tail_lines: Math.min(ask.lines ?? usualLogLines, 1_000),
      ...(ask.isPrevious ? { previous: true } : {}),
      ...(isNamed ? { container: worst.name } : {}),
    })) as { readonly text: string };
    const subjects = [{ kind: 'Pod', namespace: pod.namespace, name: pod.name }];
    const which = `${pod.namespace}/${pod.name}${isNamed ? `, container ${worst.name}` : ''}`;
    const others = among > 1 ? ` (one of ${among} pods, the one that is worst off)` : '';
    const text = output.text.trimEnd();
    if (text === '') return { ...say(`The log of ${which} is empty.`, place.cluster.name), subjects };
    const shown =
      text.length <= maxBlockLength ? text : `…${text.slice(text.indexOf('\n', text.length - maxBlockLength))}`;
    const title = `${ask.isPrevious ? 'Log before the last restart' : 'Log'} of ${which}${others}`;
    return { messages: [codeMessage(title, shown)], subjects, cluster: place.cluster.name };
  }

  private async eventsOf(ask: Ask<'events-of'>, place: ResolvedPlace): Promise<KubernetesAnswer> {
    const found = resolveAny(ask.target, place);
    if (!found.ok) return say(found.message);
    const { kind, namespace, name } = found.value;
    const output = (await this.parts.desk.read('k8s_get_events', {
      cluster: place.cluster.name,
      ...(namespace === null ? {} : { namespace }),
      kind,
      name,
      limit: ask.limit ?? 12,
    })) as { readonly events: readonly JsonObject[] };
    const nowMs = this.parts.clock.now();
    const rows = output.events.map((event) => listRecipes.events.row(event, { nowMs, showNamespace: false }));
    const subject = { ...say(`No events about ${kind} ${name} of late.`, place.cluster.name), subjects: [found.value] };
    if (rows.length === 0) return subject;
    const table = { header: listRecipes.events.header, rows: rows.map(({ cells }) => cells), total: rows.length };
    return { ...subject, messages: [tableMessage(`Events about ${kind} ${name}, newest first`, table)] };
  }

  private async top({ of, sort }: Ask<'top'>, place: ResolvedPlace): Promise<KubernetesAnswer> {
    const isPods = of === 'pods';
    const shownPlace = isPods ? place : { ...place, namespace: null };
    const output = (await this.parts.desk.read(isPods ? 'k8s_top_pods' : 'k8s_top_nodes', {
      ...callPlace(shownPlace),
      sort,
      ...(isPods ? { limit: 12 } : {}),
    })) as JsonObject;
    const items = output[of] as readonly JsonObject[];
    const rows = items.map((item) => [
      String(item['name']),
      `${Number(item['cpuMillicores'])}m${formatPercent(item['cpuPercent'])}`,
      `${Math.round(Number(item['memoryBytes']) / 1_048_576)}Mi${formatPercent(item['memoryPercent'])}`,
    ]);
    const total = Number(output['total'] ?? rows.length);
    const title = `What ${of} use ${describePlace(shownPlace)}, most ${sort} first`;
    const header = [isPods ? 'POD' : 'NODE', 'CPU', 'MEMORY'];
    const subjects = items.map((item): FoundObject => ({
      kind: isPods ? 'Pod' : 'Node',
      namespace: typeof item['namespace'] === 'string' ? item['namespace'] : null,
      name: String(item['name']),
    }));
    return { messages: [tableMessage(title, { header, rows, total })], subjects, cluster: place.cluster.name };
  }

  private async describe(ask: TargetAsk, place: ResolvedPlace): Promise<KubernetesAnswer> {
    const { kind, name } = ask.target;
    const known = kind === null || ['Pod', 'Deployment', 'Node'].includes(kind);
    const found = known
      ? resolveAny(ask.target, place)
      : { ok: true as const, value: { kind, namespace: place.namespace, name } };
    if (!found.ok) return say(found.message);
    const object = found.value;
    const output = (await this.parts.desk.read('k8s_describe_resource', {
      cluster: place.cluster.name,
      kind: object.kind,
      name: object.name,
      ...(object.namespace === null ? {} : { namespace: object.namespace }),
    })) as { readonly object: JsonObject; readonly events: readonly JsonObject[] };
    const { apiVersion: _version, kind: _kind, ...shown } = output.object;
    const text = stringify(shown, { lineWidth: 0 });
    const cut =
      text.length <= maxBlockLength ? text : `${text.slice(0, text.lastIndexOf('\n', maxBlockLength))}\n… (cut)`;
    const title = `${object.kind} ${object.namespace === null ? '' : `${object.namespace}/`}${object.name}`;
    return { messages: [codeMessage(title, cut)], subjects: [object], cluster: place.cluster.name };
  }

  private async rollout(ask: TargetAsk, place: ResolvedPlace): Promise<KubernetesAnswer> {
    const found = resolveDeployment(ask.target, place);
    if (!found.ok) return say(found.message);
    const { namespace, name } = found.value;
    const input = { cluster: place.cluster.name, namespace, name };
    const about = { subjects: [found.value], cluster: place.cluster.name };
    if (ask.kind === 'rollout-status') {
      const output = (await this.parts.desk.read('k8s_rollout_status', input)) as JsonObject;
      const text = `The rollout of ${namespace}/${name} is ${String(output['status'])}. ${String(output['message'])}`;
      return { ...about, messages: [plainMessage(text)] };
    }
    const output = (await this.parts.desk.read('k8s_get_rollout_history', input)) as JsonObject;
    const nowMs = this.parts.clock.now();
    return { ...about, messages: [historyMessage(`${namespace}/${name}`, output, nowMs)] };
  }

  private async contexts(): Promise<KubernetesAnswer> {
    const output = (await this.parts.desk.read('k8s_get_contexts', {})) as { readonly contexts: readonly JsonObject[] };
    const names = output.contexts.map((context) => String(context['name']));
    if (names.length === 1)
      return say(`I watch one cluster: ${names[0]}. Every question and change is about it.`, names[0]);
    return say(
      `I watch ${names.length} clusters: ${names.join(', ')}. Name one: "show pods on cluster ${names[0] ?? ''}".`,
    );
  }
}

function historyMessage(name: string, output: JsonObject, nowMs: number): OutgoingMessage {
  const revisions = output['revisions'] as readonly JsonObject[];
  const rows = revisions.map((revision) => {
    const containers = (revision['containers'] ?? []) as readonly JsonObject[];
    const mark = revision['revision'] === output['current'] ? ' now' : '';
    const age = Math.round((nowMs - Date.parse(String(revision['createdAt']))) / 60_000);
    return [
      `${String(revision['revision'])}${mark}`,
      Number.isNaN(age) ? '' : `${age}m`,
      containers.map(({ image }) => String(image)).join(' '),
    ];
  });
  return tableMessage(`Revisions of ${name}`, { header: ['REV', 'AGO', 'IMAGE'], rows, total: rows.length });
}

function placeOf({ cluster, namespace }: ResolvedPlace): ListAsk['place'] {
  return { cluster: cluster.name, namespace, isEverywhere: false };
}

function filterWord(resource: ListedResource, filter: NonNullable<ListAsk['filter']>): string {
  if (resource === 'events') return 'warning';
  if (resource === 'pods') return filter;
  return filter === 'running' ? 'healthy' : 'unhealthy';
}

function formatPercent(value: JsonValue | undefined): string {
  return typeof value === 'number' ? ` ${value}%` : '';
}
