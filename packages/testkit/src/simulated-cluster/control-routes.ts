import type { DenialRule } from './access-rules.js';
import { badRequest, methodNotAllowed } from './api-failure.js';
import { replyJson, type ApiReply, type ApiRequest } from './api-exchange.js';
import type { KubeManifest, KubeObject } from './kube-object.js';
import type { RefusalMode } from './outage.js';
import type { LoggedRequest } from './request-log.js';
import type { FaultRequest } from './fault-request.js';

/** What another process can make the cluster do; the same methods exist in process. */
export interface ClusterControls {
  readonly requests: readonly LoggedRequest[];
  clearRequests(): void;
  apply(manifest: KubeManifest): KubeObject;
  injectFault(fault: FaultRequest): void;
  deny(rules: readonly DenialRule[]): void;
  dropWatches(): void;
  hang(): void;
  refuse(mode?: RefusalMode): void;
  resume(): void;
  compact(): void;
}

type Control = (controls: ClusterControls, body: unknown) => unknown;

function asList<T>(body: unknown, member: string): T[] {
  if (Array.isArray(body)) return body as T[];
  const wrapped = (body as Record<string, unknown> | null | undefined)?.[member];
  if (Array.isArray(wrapped)) return wrapped as T[];
  if (typeof body !== 'object' || body === null) throw badRequest(`a JSON object or a list of ${member} is needed`);
  return [body as T];
}

const POST: Readonly<Record<string, Control>> = {
  apply: (controls, body) => ({
    items: asList<KubeManifest>(body, 'objects').map((manifest) => controls.apply(manifest)),
  }),
  fault: (controls, body) => {
    for (const fault of asList<FaultRequest>(body, 'faults')) controls.injectFault(fault);
  },
  deny: (controls, body) => controls.deny(asList<DenialRule>(body, 'rules')),
  'drop-watches': (controls) => controls.dropWatches(),
  hang: (controls) => controls.hang(),
  refuse: (controls, body) => controls.refuse((body as { mode?: RefusalMode } | undefined)?.mode),
  resume: (controls) => controls.resume(),
  compact: (controls) => controls.compact(),
};

/** Serves `/_simulated/…`. */
export function answerControl(controls: ClusterControls, request: ApiRequest): ApiReply {
  const name = request.path.slice('/_simulated/'.length);
  if (name === 'requests') {
    if (request.method === 'DELETE') controls.clearRequests();
    else if (request.method !== 'GET') throw methodNotAllowed();
    return replyJson(200, { items: controls.requests });
  }
  const control = POST[name];
  if (!control || request.method !== 'POST') {
    throw badRequest(
      `There is no control '${request.method} ${name}'. Known: GET requests, POST ${Object.keys(POST).join(', ')}.`,
    );
  }
  try {
    return replyJson(200, control(controls, request.body) ?? {});
  } catch (error) {
    throw error instanceof Error && error.name === 'Error' ? badRequest(error.message) : error;
  }
}
