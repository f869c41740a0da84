import type { JsonObject, JsonValue } from '../../domain/json.js';
import type { ListAsk, ListedResource } from './kubernetes-ask.js';

/** One listed object: the cells of its row, and its name for follow-ups. */
export interface ListedRow {
  readonly cells: readonly string[];
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
}

/** How the objects of one resource are read and shown. */
export interface ListRecipe {
  readonly tool: string;
  /** The array in the tool's output. */
  readonly items: string;
  /** One and several of them, in words. */
  readonly noun: readonly [string, string];
  readonly header: readonly string[];
  readonly hasNamespace: boolean;
  /** What the tool takes for a filter; absent for none. */
  filter?(filter: NonNullable<ListAsk['filter']>): JsonObject;
  row(item: JsonObject, context: RowContext): ListedRow;
}

/** What a row depends on besides its object. */
export interface RowContext {
  readonly nowMs: number;
  /** False when all are of one namespace: it need not be said in each row. */
  readonly showNamespace: boolean;
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** `5m`, `3h`, `2d`: how long ago something was; empty when unknown. */
export function formatAge(iso: JsonValue | undefined, nowMs: number): string {
  const at = typeof iso === 'string' ? Date.parse(iso) : Number.NaN;
  if (Number.isNaN(at)) return '';
  const seconds = Math.max(0, Math.round((nowMs - at) / 1_000));
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes}m`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours}h` : `${Math.round(hours / 24)}d`;
}

function named(kind: string, item: JsonObject, cells: readonly string[]): ListedRow {
  const { namespace } = item;
  return { kind, name: text(item['name']), namespace: typeof namespace === 'string' ? namespace : null, cells };
}

function place(item: JsonObject, { showNamespace }: RowContext): readonly string[] {
  return showNamespace ? [text(item['namespace'])] : [];
}

const pods: ListRecipe = {
  tool: 'k8s_get_pods',
  items: 'pods',
  noun: ['pod', 'pods'],
  header: ['POD', 'STATUS', 'READY', 'RST'],
  hasNamespace: true,
  filter: (filter) => ({ state: filter }),
  row: (item, context) =>
    named('Pod', item, [
      text(item['name']),
      text(item['status']),
      text(item['ready']),
      Number(item['restarts']) > 0 ? `×${text(item['restarts'])}` : '',
      ...place(item, context),
    ]),
};

const deployments: ListRecipe = {
  tool: 'k8s_get_deployments',
  items: 'deployments',
  noun: ['Deployment', 'Deployments'],
  header: ['DEPLOYMENT', 'READY', 'ROLLOUT'],
  hasNamespace: true,
  filter: (filter) => ({ state: filter === 'running' ? 'available' : 'unhealthy' }),
  row: (item, context) =>
    named('Deployment', item, [
      text(item['name']),
      `${text(item['available'])}/${text(item['desired'])}`,
      text(item['status']),
      ...place(item, context),
    ]),
};

const nodes: ListRecipe = {
  tool: 'k8s_get_nodes',
  items: 'nodes',
  noun: ['node', 'nodes'],
  header: ['NODE', 'STATUS', 'VERSION'],
  hasNamespace: false,
  filter: (filter) => ({ state: filter === 'running' ? 'ready' : 'unhealthy' }),
  row: (item) => {
    const problems = (item['problems'] ?? []) as readonly string[];
    const status = [text(item['status']), ...(item['isSchedulable'] === false ? ['cordoned'] : []), ...problems];
    return named('Node', item, [text(item['name']), status.join(' '), text(item['version'])]);
  },
};

const services: ListRecipe = {
  tool: 'k8s_get_services',
  items: 'services',
  noun: ['Service', 'Services'],
  header: ['SERVICE', 'TYPE', 'PORTS'],
  hasNamespace: true,
  row: (item, context) => {
    const ports = (item['ports'] ?? []) as readonly JsonObject[];
    const shown = ports.map((port) => text(port['port'])).join(',');
    return named('Service', item, [text(item['name']), text(item['type']), shown, ...place(item, context)]);
  },
};

const namespaces: ListRecipe = {
  tool: 'k8s_get_namespaces',
  items: 'namespaces',
  noun: ['namespace', 'namespaces'],
  header: ['NAMESPACE', 'STATUS', 'AGE'],
  hasNamespace: false,
  row: (item, { nowMs }) =>
    named('Namespace', item, [text(item['name']), text(item['status']), formatAge(item['createdAt'], nowMs)]),
};

const events: ListRecipe = {
  tool: 'k8s_get_events',
  items: 'events',
  noun: ['event', 'events'],
  header: ['AGO', 'WHAT', 'ABOUT'],
  hasNamespace: true,
  filter: () => ({ type: 'Warning' }),
  row: (item, { nowMs, showNamespace }) => {
    const object = (item['object'] ?? {}) as JsonObject;
    const about = `${text(object['kind'])} ${showNamespace && text(object['namespace']) !== '' ? `${text(object['namespace'])}/` : ''}${text(object['name'])}`;
    const count = Number(item['count'] ?? 1);
    return {
      kind: text(object['kind']),
      name: text(object['name']),
      namespace: text(object['namespace']) || null,
      cells: [
        `${formatAge(item['lastSeenAt'], nowMs)} ${text(item['reason'])}${count > 1 ? ` ×${count}` : ''}: ${about}`,
        text(item['message']),
      ],
    };
  },
};

/** How each resource is listed. */
export const listRecipes: Readonly<Record<ListedResource, ListRecipe>> = {
  pods,
  deployments,
  nodes,
  services,
  namespaces,
  events,
};
