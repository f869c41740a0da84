import { inject, injectable } from '@dogwatch/core';
import type { JsonObject, JsonValue, ReadContext, ReadTool } from '@dogwatch/core';
import { apiPath } from '../client/api-path.js';
import { ClusterClients } from '../client/cluster-clients.js';
import {
  clusterProperty,
  inputSchema,
  limitProperty,
  nameProperty,
  namespaceProperty,
  numberOr,
  optionalText,
  requiredText,
} from './tool-input.js';

const usualLines = 100;
// The API server cuts at the beginning of a longer log, so the newest lines must be asked for by number.
const maxBytes = 256 * 1024;

/** Reads the newest lines of a container's log. */
@injectable()
export class GetLogs implements ReadTool {
  readonly name = 'k8s_get_logs';
  readonly description =
    "Reads the newest log lines of a pod's container; `previous` reads those of its last crashed instance.";
  readonly inputSchema = inputSchema(
    {
      cluster: clusterProperty,
      namespace: namespaceProperty,
      name: { ...nameProperty, description: "The pod's name." },
      container: { ...nameProperty, description: 'May be left out when the pod has one container.' },
      previous: { type: 'boolean', description: 'The log of the instance before the last restart.' },
      tail_lines: limitProperty(1_000, usualLines),
    },
    ['namespace', 'name'],
  );
  readonly effect = 'read';

  constructor(@inject(ClusterClients) private readonly clients: ClusterClients) {}

  async execute(input: JsonObject, { signal }: ReadContext): Promise<JsonValue> {
    const namespace = requiredText(input, 'namespace');
    const name = requiredText(input, 'name');
    const text = await this.clients.get(optionalText(input, 'cluster')).text(
      {
        action: `read the log of pod ${namespace}/${name}`,
        path: apiPath({ kind: 'Pod', namespace, name, subresource: 'log' }),
        query: {
          container: optionalText(input, 'container'),
          previous: input['previous'] === true ? true : undefined,
          tailLines: numberOr(input, 'tail_lines', usualLines),
          limitBytes: maxBytes,
        },
      },
      signal,
    );
    return { text, isCut: Buffer.byteLength(text) >= maxBytes };
  }
}
