import { AppError, inject, injectable } from '@dogwatch/core';
import type { EffectContext, EffectResult, JsonObject, LiveObject, Preview, ReadContext } from '@dogwatch/core';
import type { Settlement, StepVerification, WriteContext, WriteTool } from '@dogwatch/core';
import { ClusterClients } from '../client/cluster-clients.js';
import { asWorkload, liveTemplate, readDeployment } from './deployment-target.js';
import { applyPatch, dryRunPatch } from './patch-deployment.js';
import type { DeploymentPatch } from './patch-deployment.js';
import { RESTARTED_AT_ANNOTATION, RUN_ANNOTATION } from './raw-object.js';
import type { RawTemplate } from './raw-object.js';
import { renderDeploymentDiff } from './render-deployment-diff.js';
import { settleDeployment } from './settle-deployment.js';
import { templateText } from './template-identity.js';
import { clusterProperty, inputSchema, nameProperty, namespaceProperty, optionalText } from './tool-input.js';

// A dry run is of the object as it is then: a crash loop moves its status, and so its resourceVersion, all the time.
function restartPatch({ runId, runAt, live }: EffectContext, isDryRun: boolean): DeploymentPatch {
  return {
    contentType: 'application/merge-patch+json',
    body: {
      metadata: {
        uid: live.uid,
        ...(isDryRun ? {} : { resourceVersion: live.resourceVersion }),
        annotations: { [RUN_ANNOTATION]: runId },
      },
      spec: { template: { metadata: { annotations: { [RESTARTED_AT_ANNOTATION]: runAt } } } },
    },
  };
}

/** Replaces all pods of a Deployment, a few at a time, by new ones of the same template. */
@injectable()
export class RestartDeployment implements WriteTool {
  readonly name = 'k8s_restart_deployment';
  readonly description =
    'Restarts a Deployment: all its pods are replaced by new ones of the same template, within the limits of its rollout strategy.';
  readonly inputSchema = inputSchema({ cluster: clusterProperty, namespace: namespaceProperty, name: nameProperty }, [
    'namespace',
    'name',
  ]);
  readonly effect = 'write';
  readonly risk = 'medium';

  constructor(@inject(ClusterClients) private readonly clients: ClusterClients) {}

  touches(): readonly string[] {
    return ['/spec/template'];
  }

  readTarget(input: JsonObject, { signal }: ReadContext): Promise<{ cluster: string; live: LiveObject } | null> {
    return readDeployment(this.clients, input, signal);
  }

  async preview(input: JsonObject, context: EffectContext): Promise<Preview> {
    const { live, signal } = context;
    if (asWorkload(live).spec.paused === true) {
      throw new AppError(
        'DW_KUBERNETES_REFUSED',
        `Deployment ${live.namespace}/${live.name} is paused: a restart would do nothing. Resume its rollout first.`,
      );
    }
    const client = this.clients.get(optionalText(input, 'cluster'));
    return renderDeploymentDiff(live, await dryRunPatch({ client, live, patch: restartPatch(context, true) }, signal));
  }

  execute(input: JsonObject, context: EffectContext): Promise<EffectResult> {
    const client = this.clients.get(optionalText(input, 'cluster'));
    return applyPatch({ client, live: context.live, patch: restartPatch(context, false) }, context.signal);
  }

  async settle(input: JsonObject, context: WriteContext & { readonly before: LiveObject }): Promise<Settlement> {
    const target = await readDeployment(this.clients, input, context.signal);
    return settleDeployment({
      now: target?.live ?? null,
      before: context.before,
      runId: context.runId,
      readPart: (live) => templateText(liveTemplate(live)),
      isResult: (live) =>
        (liveTemplate(live) as RawTemplate).metadata?.annotations?.[RESTARTED_AT_ANNOTATION] === context.runAt,
    });
  }

  verification(): StepVerification {
    return { condition: 'workload_available', timeoutMs: 300_000 };
  }

  /** Pods that are gone cannot be brought back. */
  inverse(): null {
    return null;
  }
}
