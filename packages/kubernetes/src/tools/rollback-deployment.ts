import { AppError, inject, injectable } from '@dogwatch/core';
import type { EffectContext, EffectResult, JsonObject, JsonValue, LiveObject, Preview } from '@dogwatch/core';
import type { ReadContext, Settlement, StepVerification, ToolCall, WriteContext, WriteTool } from '@dogwatch/core';
import { ClusterClients } from '../client/cluster-clients.js';
import { readRevisions } from './deployment-rollouts.js';
import { asWorkload, liveTemplate, readDeployment } from './deployment-target.js';
import { applyPatch, dryRunPatch } from './patch-deployment.js';
import type { DeploymentPatch } from './patch-deployment.js';
import { deploymentTemplate, RUN_ANNOTATION } from './raw-object.js';
import { renderDeploymentDiff } from './render-deployment-diff.js';
import { settleDeployment } from './settle-deployment.js';
import { isSameTemplate, templateText } from './template-identity.js';
import { clusterProperty, inputSchema, nameProperty, namespaceProperty, optionalText } from './tool-input.js';

const pointerOfRun = `/metadata/annotations/${RUN_ANNOTATION.replace('/', '~1')}`;

function rollbackPatch(template: JsonValue, { runId, live }: EffectContext, isDryRun: boolean): DeploymentPatch {
  const hasAnnotations = asWorkload(live).metadata.annotations !== undefined;
  return {
    contentType: 'application/json-patch+json',
    body: [
      // A JSON patch `test` that fails is 422; a wrong resourceVersion is the 409 that a conflict is. A dry run is of the object
      // as it is then: a crash loop moves its resourceVersion all the time.
      ...(isDryRun ? [] : [{ op: 'replace', path: '/metadata/resourceVersion', value: live.resourceVersion }]),
      ...(hasAnnotations ? [] : [{ op: 'add', path: '/metadata/annotations', value: {} }]),
      { op: 'add', path: pointerOfRun, value: runId },
      { op: 'replace', path: '/spec/template', value: template },
    ],
  };
}

/** Gives a Deployment the pod template of an earlier revision, or one that is given whole. */
@injectable()
export class RollbackDeployment implements WriteTool {
  readonly name = 'k8s_rollback_deployment';
  readonly description =
    'Rolls a Deployment back: its pod template becomes that of an earlier revision, or exactly the given template.';
  readonly inputSchema: JsonObject = {
    ...inputSchema(
      {
        cluster: clusterProperty,
        namespace: namespaceProperty,
        name: nameProperty,
        revision: {
          type: 'integer',
          minimum: 1,
          description: 'The revision to go back to, as k8s_get_rollout_history lists it.',
        },
        template: { type: 'object', description: 'The whole pod template to go back to; used by undo.' },
      },
      ['namespace', 'name'],
    ),
    oneOf: [{ required: ['revision'] }, { required: ['template'] }],
  };
  readonly effect = 'write';
  readonly risk = 'high';

  constructor(@inject(ClusterClients) private readonly clients: ClusterClients) {}

  touches(): readonly string[] {
    return ['/spec/template'];
  }

  readTarget(input: JsonObject, { signal }: ReadContext): Promise<{ cluster: string; live: LiveObject } | null> {
    return readDeployment(this.clients, input, signal);
  }

  async preview(input: JsonObject, context: EffectContext): Promise<Preview> {
    const { live, signal } = context;
    const template = await this.wantedTemplate(input, live, signal);
    if (isSameTemplate(template, liveTemplate(live))) {
      throw new AppError(
        'DW_KUBERNETES_REFUSED',
        `Deployment ${live.namespace}/${live.name} already has the template it would be rolled back to. Choose another revision.`,
      );
    }
    const client = this.clients.get(optionalText(input, 'cluster'));
    const after = await dryRunPatch({ client, live, patch: rollbackPatch(template, context, true) }, signal);
    return renderDeploymentDiff(live, after);
  }

  async execute(input: JsonObject, context: EffectContext): Promise<EffectResult> {
    const { live, signal } = context;
    let template: JsonValue;
    try {
      template = await this.wantedTemplate(input, live, signal);
    } catch (error) {
      // Nothing has been sent yet, whatever went wrong.
      return { ok: false, reason: 'refused', message: error instanceof Error ? error.message : String(error) };
    }
    const client = this.clients.get(optionalText(input, 'cluster'));
    return applyPatch({ client, live, patch: rollbackPatch(template, context, false) }, signal);
  }

  async settle(input: JsonObject, context: WriteContext & { readonly before: LiveObject }): Promise<Settlement> {
    const { before, runId, signal } = context;
    const target = await readDeployment(this.clients, input, signal);
    return settleDeployment({
      now: target?.live ?? null,
      before,
      runId,
      readPart: (live) => templateText(liveTemplate(live)),
      isResult: (live) => !isSameTemplate(liveTemplate(live), liveTemplate(before)),
    });
  }

  verification(): StepVerification {
    return { condition: 'workload_available', timeoutMs: 300_000 };
  }

  /** The way back is the template that was replaced: revision numbers move with every rollback. */
  inverse(input: JsonObject, before: LiveObject): ToolCall {
    const { revision: _replaced, ...place } = input;
    return { tool: this.name, arguments: { ...place, template: liveTemplate(before) } };
  }

  private async wantedTemplate(input: JsonObject, live: LiveObject, signal: AbortSignal): Promise<JsonValue> {
    const { template, revision } = input;
    if (template !== undefined) return template;
    const client = this.clients.get(optionalText(input, 'cluster'));
    const revisions = await readRevisions(client, asWorkload(live), signal);
    const found = revisions.find((candidate) => candidate.revision === revision);
    if (found !== undefined) return deploymentTemplate(found.replicaSet.spec.template);
    const known = revisions.map((candidate) => candidate.revision).join(', ') || 'none';
    throw new AppError(
      'DW_KUBERNETES_REFUSED',
      `Deployment ${live.namespace}/${live.name} has no revision ${String(revision)} (any more). It has: ${known}.`,
    );
  }
}
