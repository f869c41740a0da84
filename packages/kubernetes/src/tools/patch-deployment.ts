import type { EffectResult, JsonValue, LiveObject } from '@dogwatch/core';
import { isAppError } from '@dogwatch/core';
import { apiPath } from '../client/api-path.js';
import type { ClusterClient } from '../client/cluster-client.js';
import { describeKubernetesFailure } from '../client/kubernetes-failure.js';
import { toLiveDeployment } from './deployment-target.js';
import { FIELD_MANAGER } from './raw-object.js';
import type { RawWorkload } from './raw-object.js';

/** A patch of a Deployment, of either kind. */
export interface DeploymentPatch {
  readonly contentType: 'application/merge-patch+json' | 'application/json-patch+json';
  readonly body: JsonValue;
}

/** Which Deployment is patched, and how. */
export interface PatchRequest {
  readonly client: ClusterClient;
  readonly live: LiveObject;
  readonly patch: DeploymentPatch;
  /** True: the API server says what would be, and stores nothing. */
  readonly isDryRun: boolean;
}

async function sendPatch(request: PatchRequest, signal: AbortSignal): Promise<LiveObject> {
  const { client, live, patch, isDryRun } = request;
  const { namespace, name } = live;
  const raw = await client.json<RawWorkload>(
    {
      action: `${isDryRun ? 'try out a change of' : 'change'} Deployment ${namespace}/${name}`,
      method: 'PATCH',
      path: apiPath({ kind: 'Deployment', namespace, name }),
      query: { fieldManager: FIELD_MANAGER, ...(isDryRun ? { dryRun: 'All' } : {}) },
      contentType: patch.contentType,
      body: patch.body,
    },
    signal,
  );
  return toLiveDeployment(raw);
}

/** The Deployment as it would be after the patch; stores nothing. */
export function dryRunPatch(request: Omit<PatchRequest, 'isDryRun'>, signal: AbortSignal): Promise<LiveObject> {
  return sendPatch({ ...request, isDryRun: true }, signal);
}

// After these answers the API server has certainly written nothing.
const refusals = new Set([400, 401, 403, 404, 405, 413, 415, 422, 429]);

/** Carries out the patch; throws only when it may or may not have happened. */
export async function applyPatch(request: Omit<PatchRequest, 'isDryRun'>, signal: AbortSignal): Promise<EffectResult> {
  try {
    const after = await sendPatch({ ...request, isDryRun: false }, signal);
    return { ok: true, output: { resourceVersion: after.resourceVersion } };
  } catch (error) {
    if (signal.aborted || !isAppError(error)) throw error;
    const { status } = describeKubernetesFailure(error);
    if (status === 409) return { ok: false, reason: 'conflict', message: error.message };
    if (status !== null && refusals.has(status)) return { ok: false, reason: 'refused', message: error.message };
    throw error;
  }
}
