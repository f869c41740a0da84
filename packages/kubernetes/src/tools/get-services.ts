import { inject, injectable } from '@dogwatch/core';
import type { JsonObject, JsonValue, ReadContext, ReadTool } from '@dogwatch/core';
import { apiPath } from '../client/api-path.js';
import { ClusterClients } from '../client/cluster-clients.js';
import type { RawMetadata } from './raw-object.js';
import { readPages } from './read-pages.js';
import {
  clusterProperty,
  inputSchema,
  limitProperty,
  namespaceProperty,
  numberOr,
  optionalText,
} from './tool-input.js';

interface RawService {
  readonly metadata: RawMetadata;
  readonly spec?: {
    readonly type?: string;
    readonly clusterIP?: string;
    readonly selector?: Readonly<Record<string, string>>;
    readonly ports?: readonly {
      readonly name?: string;
      readonly port: number;
      readonly targetPort?: number | string;
      readonly protocol?: string;
    }[];
  };
  readonly status?: {
    readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[] };
  };
}

const usualLimit = 100;

function describeService({ metadata, spec, status }: RawService): JsonObject {
  return {
    namespace: metadata.namespace ?? null,
    name: metadata.name,
    type: spec?.type ?? 'ClusterIP',
    clusterIp: spec?.clusterIP ?? null,
    addresses: (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? []),
    ports: (spec?.ports ?? []).map(({ name, port, targetPort, protocol }) => ({
      name: name ?? null,
      port,
      targetPort: targetPort ?? null,
      protocol: protocol ?? 'TCP',
    })),
    selector: spec?.selector ?? null,
    createdAt: metadata.creationTimestamp ?? null,
  };
}

/** Lists Services. */
@injectable()
export class GetServices implements ReadTool {
  readonly name = 'k8s_get_services';
  readonly description = 'Lists Services of a namespace, or of all, with type, addresses, ports and selector.';
  readonly inputSchema = inputSchema(
    { cluster: clusterProperty, namespace: namespaceProperty, limit: limitProperty(500, usualLimit) },
    [],
  );
  readonly effect = 'read';

  constructor(@inject(ClusterClients) private readonly clients: ClusterClients) {}

  async execute(input: JsonObject, { signal }: ReadContext): Promise<JsonValue> {
    const namespace = optionalText(input, 'namespace') ?? null;
    const { items, isCut } = await readPages<RawService>(
      this.clients.get(optionalText(input, 'cluster')),
      { action: `list Services in ${namespace ?? 'all namespaces'}`, path: apiPath({ kind: 'Service', namespace }) },
      signal,
    );
    const services = items.slice(0, numberOr(input, 'limit', usualLimit)).map(describeService);
    return { services, total: items.length, isCut: isCut || services.length < items.length };
  }
}
