import { inject, injectable } from '@dogwatch/core';
import type { JsonValue, ReadTool } from '@dogwatch/core';
import type { ClusterClient } from '../client/cluster-client.js';
import { ClusterClients } from '../client/cluster-clients.js';
import { inputSchema } from './tool-input.js';

/** What may be told of a cluster's connection: never its credentials. */
export function describeContext({ name, kubeConfig }: ClusterClient): { name: string; server: string | null } {
  return { name, server: kubeConfig.getCurrentCluster()?.server ?? null };
}

/** Lists the clusters that Dogwatch is connected to. */
@injectable()
export class GetContexts implements ReadTool {
  readonly name = 'k8s_get_contexts';
  readonly description = 'Lists the clusters that Dogwatch is connected to, by the names that `cluster` takes.';
  readonly inputSchema = inputSchema({}, []);
  readonly effect = 'read';

  constructor(@inject(ClusterClients) private readonly clients: ClusterClients) {}

  execute(_input: unknown, { signal }: { readonly signal: AbortSignal }): Promise<JsonValue> {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    return Promise.resolve({ contexts: this.clients.list().map(describeContext) });
  }
}
