import { AppError, inject, injectable } from '@dogwatch/core';
import type { JsonObject, JsonValue, ReadContext, ReadTool } from '@dogwatch/core';
import { apiPath, isNamespacedKind, knownKinds } from '../client/api-path.js';
import { ClusterClients } from '../client/cluster-clients.js';
import { GetEvents } from './get-events.js';
import { hideSecrets } from './hide-secrets.js';
import {
  clusterProperty,
  inputSchema,
  nameProperty,
  namespaceProperty,
  optionalText,
  requiredText,
} from './tool-input.js';

const describable = knownKinds.filter((kind) => kind !== 'Event' && !kind.endsWith('Metrics'));
const shownEvents = 10;

/** Shows one object as the API server has it, and the newest events about it. */
@injectable()
export class DescribeResource implements ReadTool {
  readonly name = 'k8s_describe_resource';
  readonly description =
    "Shows one object as the API server has it, with its newest events. Of a Secret only its entries' names and sizes are shown.";
  readonly inputSchema = inputSchema(
    {
      cluster: clusterProperty,
      kind: { enum: describable, description: 'The kind, as manifests write it.' },
      namespace: { ...namespaceProperty, description: 'The namespace; left out for kinds that live in none.' },
      name: nameProperty,
    },
    ['kind', 'name'],
  );
  readonly effect = 'read';
  private readonly events: GetEvents;

  constructor(@inject(ClusterClients) private readonly clients: ClusterClients) {
    this.events = new GetEvents(clients);
  }

  async execute(input: JsonObject, { signal }: ReadContext): Promise<JsonValue> {
    const kind = requiredText(input, 'kind');
    const name = requiredText(input, 'name');
    const namespace = isNamespacedKind(kind) ? requireNamespace(input, kind) : null;
    const object = await this.clients.get(optionalText(input, 'cluster')).json(
      {
        action: `read ${kind} ${namespace === null ? '' : `${namespace}/`}${name}`,
        path: apiPath({ kind, namespace, name }),
      },
      signal,
    );
    const about = { kind, name, limit: shownEvents, ...(namespace === null ? {} : { namespace }) };
    const cluster = optionalText(input, 'cluster');
    const events = (await this.events.execute(
      { ...about, ...(cluster === undefined ? {} : { cluster }) },
      { signal },
    )) as {
      readonly events: JsonValue;
    };
    return { object: hideSecrets(object), events: events.events };
  }
}

function requireNamespace(input: JsonObject, kind: string): string {
  const namespace = optionalText(input, 'namespace');
  if (namespace !== undefined) return namespace;
  throw new AppError('DW_KUBERNETES_INVALID', `A ${kind} lives in a namespace, and none was given. Say which one.`);
}
