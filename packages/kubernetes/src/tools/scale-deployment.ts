import { AppError, inject, injectable } from '@dogwatch/core';
import type { EffectContext, EffectResult, JsonObject, LiveObject, Preview, ReadContext } from '@dogwatch/core';
import type { Risk, Settlement, StepVerification, ToolCall, WriteContext, WriteTool } from '@dogwatch/core';
import { ClusterClients } from '../client/cluster-clients.js';
import { asWorkload, readDeployment } from './deployment-target.js';
import { describeAutoscaler } from './find-autoscaler.js';
import { applyPatch, dryRunPatch } from './patch-deployment.js';
import type { DeploymentPatch } from './patch-deployment.js';
import { RUN_ANNOTATION } from './raw-object.js';
import { renderDeploymentDiff } from './render-deployment-diff.js';
import { settleDeployment } from './settle-deployment.js';
import { clusterProperty, inputSchema, nameProperty, namespaceProperty, optionalText } from './tool-input.js';

const mostReplicas = 1_000;
const verifiedWithinMs = 300_000;

function wantedReplicas(input: JsonObject): number {
  return input['replicas'] as number;
}

function replicasOf(live: LiveObject): number {
  return asWorkload(live).spec.replicas ?? 1;
}

// A dry run is of the object as it is then: a crash loop moves its status, and so its resourceVersion, all the time.
function scalePatch(replicas: number, { runId, live }: EffectContext, isDryRun: boolean): DeploymentPatch {
  return {
    contentType: 'application/merge-patch+json',
    body: {
      metadata: {
        uid: live.uid,
        ...(isDryRun ? {} : { resourceVersion: live.resourceVersion }),
        annotations: { [RUN_ANNOTATION]: runId },
      },
      spec: { replicas },
    },
  };
}

/** Sets how many pods a Deployment has. */
@injectable()
export class ScaleDeployment implements WriteTool {
  readonly name = 'k8s_scale_deployment';
  readonly description =
    'Sets how many replicas a Deployment has. 0 replicas stop it altogether, which is of high risk.';
  readonly inputSchema = inputSchema(
    {
      cluster: clusterProperty,
      namespace: namespaceProperty,
      name: nameProperty,
      replicas: { type: 'integer', minimum: 0, maximum: mostReplicas, description: 'How many it shall have.' },
    },
    ['namespace', 'name', 'replicas'],
  );
  readonly effect = 'write';
  readonly risk = 'medium';

  constructor(@inject(ClusterClients) private readonly clients: ClusterClients) {}

  riskOf(input: JsonObject): Risk {
    return wantedReplicas(input) === 0 ? 'high' : 'medium';
  }

  touches(): readonly string[] {
    return ['/spec/replicas'];
  }

  readTarget(input: JsonObject, { signal }: ReadContext): Promise<{ cluster: string; live: LiveObject } | null> {
    return readDeployment(this.clients, input, signal);
  }

  async preview(input: JsonObject, context: EffectContext): Promise<Preview> {
    const { live, signal } = context;
    const replicas = wantedReplicas(input);
    if (replicasOf(live) === replicas) {
      throw new AppError(
        'DW_KUBERNETES_REFUSED',
        `Deployment ${live.namespace}/${live.name} asks for ${replicas} replicas already. There is nothing to change.`,
      );
    }
    const client = this.clients.get(optionalText(input, 'cluster'));
    const after = await dryRunPatch({ client, live, patch: scalePatch(replicas, context, true) }, signal);
    const diff = renderDeploymentDiff(live, after);
    const notice = await describeAutoscaler(client, live, signal);
    return notice === null ? diff : { ...diff, text: `# ${notice}\n${diff.text}` };
  }

  execute(input: JsonObject, context: EffectContext): Promise<EffectResult> {
    const client = this.clients.get(optionalText(input, 'cluster'));
    const patch = scalePatch(wantedReplicas(input), context, false);
    return applyPatch({ client, live: context.live, patch }, context.signal);
  }

  async settle(input: JsonObject, context: WriteContext & { readonly before: LiveObject }): Promise<Settlement> {
    const { before, runId, signal } = context;
    const target = await readDeployment(this.clients, input, signal);
    return settleDeployment({
      now: target?.live ?? null,
      before,
      runId,
      readPart: (live) => String(replicasOf(live)),
      isResult: (live) => replicasOf(live) === wantedReplicas(input),
    });
  }

  /** With no replicas there is nothing that could become available. */
  verification(input: JsonObject): StepVerification | null {
    if (wantedReplicas(input) === 0) return null;
    return { condition: 'workload_available', timeoutMs: verifiedWithinMs };
  }

  inverse(input: JsonObject, before: LiveObject): ToolCall {
    return { tool: this.name, arguments: { ...input, replicas: replicasOf(before) } };
  }
}
