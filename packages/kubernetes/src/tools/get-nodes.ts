import { inject, injectable } from '@dogwatch/core';
import type { JsonObject, JsonValue, ReadContext, ReadTool } from '@dogwatch/core';
import { apiPath } from '../client/api-path.js';
import { ClusterClients } from '../client/cluster-clients.js';
import type { RawMetadata } from './raw-object.js';
import { readPages } from './read-pages.js';
import { clusterProperty, inputSchema, limitProperty, numberOr, optionalText } from './tool-input.js';

interface RawNode {
  readonly metadata: RawMetadata;
  readonly spec?: { readonly unschedulable?: boolean };
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
    readonly nodeInfo?: { readonly kubeletVersion?: string };
  };
}

const usualLimit = 100;
const roleLabel = 'node-role.kubernetes.io/';

function readyStatus({ status }: RawNode): string {
  return status?.conditions?.find(({ type }) => type === 'Ready')?.status ?? 'Unknown';
}

function describeNode(node: RawNode): JsonObject {
  const { metadata, spec, status } = node;
  const ready = readyStatus(node);
  const conditions = status?.conditions ?? [];
  const roles = Object.keys(metadata.labels ?? {}).filter((label) => label.startsWith(roleLabel));
  return {
    name: metadata.name,
    status: ready === 'True' ? 'Ready' : ready === 'Unknown' ? 'Unknown' : 'NotReady',
    isSchedulable: spec?.unschedulable !== true,
    // Every other condition of a node is a complaint: DiskPressure, MemoryPressure, PIDPressure.
    problems: conditions.filter(({ type, status: is }) => type !== 'Ready' && is === 'True').map(({ type }) => type),
    roles: roles.map((label) => label.slice(roleLabel.length)).sort(),
    version: status?.nodeInfo?.kubeletVersion ?? null,
    createdAt: metadata.creationTimestamp ?? null,
  };
}

/** Lists nodes, those that are not ready first. */
@injectable()
export class GetNodes implements ReadTool {
  readonly name = 'k8s_get_nodes';
  readonly description =
    'Lists nodes, those that are not ready first, with status, pressure conditions, roles and kubelet version.';
  readonly inputSchema = inputSchema(
    {
      cluster: clusterProperty,
      state: { enum: ['ready', 'unhealthy'], description: 'unhealthy: not ready, or under pressure.' },
      limit: limitProperty(500, usualLimit),
    },
    [],
  );
  readonly effect = 'read';

  constructor(@inject(ClusterClients) private readonly clients: ClusterClients) {}

  async execute(input: JsonObject, { signal }: ReadContext): Promise<JsonValue> {
    const { items, isCut } = await readPages<RawNode>(
      this.clients.get(optionalText(input, 'cluster')),
      { action: 'list nodes', path: apiPath({ kind: 'Node' }) },
      signal,
    );
    const all = items.map((raw) => ({ node: describeNode(raw), isWell: isWell(describeNode(raw)) }));
    const unhealthy = all.filter(({ isWell: well }) => !well).map(({ node }) => node);
    const ready = all.filter(({ isWell: well }) => well).map(({ node }) => node);
    const { state } = input;
    const found = state === 'ready' ? ready : state === 'unhealthy' ? unhealthy : [...unhealthy, ...ready];
    const nodes = found.slice(0, numberOr(input, 'limit', usualLimit));
    return { nodes, total: found.length, isCut: isCut || nodes.length < found.length };
  }
}

function isWell(node: JsonObject): boolean {
  return node['status'] === 'Ready' && (node['problems'] as readonly string[]).length === 0;
}
