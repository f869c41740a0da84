import { inject, injectable } from '@dogwatch/core';
import type { JsonValue, ReadTool } from '@dogwatch/core';
import { ClusterClients } from '../client/cluster-clients.js';
import { describeContext } from './get-contexts.js';
import { inputSchema } from './tool-input.js';

/** Says which cluster is meant when a call names none. */
@injectable()
export class GetCurrentContext implements ReadTool {
  readonly name = 'k8s_current_context';
  readonly description =
    'Says which cluster a call works on that names none; `current` is null when there are several, so that each call must name one.';
  readonly inputSchema = inputSchema({}, []);
  readonly effect = 'read';

  constructor(@inject(ClusterClients) private readonly clients: ClusterClients) {}

  execute(_input: unknown, { signal }: { readonly signal: AbortSignal }): Promise<JsonValue> {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    const [first, ...others] = this.clients.list();
    const current = first !== undefined && others.length === 0 ? describeContext(first) : null;
    return Promise.resolve({ current, known: this.clients.list().map(({ name }) => name) });
  }
}
