import { formatActor } from '../../domain/actor.js';
import type { ApprovalSummary } from '../../domain/approval-summary.js';
import type { JsonObject } from '../../domain/json.js';
import { decisionCommands, decisionLines } from '../../domain/decision-lines.js';
import { describeCall } from '../../domain/describe-call.js';
import { clockTime } from '../../domain/describe-time.js';
import type { IncomingMessage } from '../../domain/incoming-message.js';
import { plainMessage } from '../../domain/outgoing-message.js';
import type { OutgoingMessage } from '../../domain/outgoing-message.js';
import type { RunSummary } from '../../domain/run-summary.js';
import { stripToOneLine } from '../../domain/strip-controls.js';
import type { ClusterRegistry } from '../../ports/cluster-registry.js';
import type { IncidentLog } from '../../ports/incident-log.js';
import type { IntentContext } from '../../ports/intent.js';
import { approvalOf } from '../../ports/runs.js';
import type { Runs, RunStart } from '../../ports/runs.js';
import type { ToolCall } from '../../ports/tool.js';
import type { KubernetesChange } from './kubernetes-ask.js';
import { resolveDeployment, resolveNode, resolvePod } from './resolve-target.js';
import { resolvePlace, unresolved } from './resolved-place.js';
import type { Resolved, ResolvedPlace } from './resolved-place.js';
import type { ToolDesk } from './tool-desk.js';

/** What changes are asked for with. */
export interface ChangeParts {
  readonly desk: ToolDesk;
  readonly registry: ClusterRegistry;
  readonly runs: Runs;
  readonly log: IncidentLog;
}

const deploymentTools: ReadonlySet<string> = new Set([
  'k8s_scale_deployment',
  'k8s_restart_deployment',
  'k8s_rollback_deployment',
  'k8s_update_image',
]);
const maxQuote = 200;

/** What the same message asks for has the same cause, however often it is delivered. */
export function messageCause({ channelType, metadata }: IncomingMessage): string | null {
  const { destination, messageId } = metadata;
  return messageId === null ? null : `message/${channelType}/${destination.room}/${messageId}`;
}

/** Turns what somebody wants changed into a request for approval; changes nothing itself. */
export class ChangeRequests {
  constructor(private readonly parts: ChangeParts) {}

  async request(ask: KubernetesChange, context: IntentContext): Promise<OutgoingMessage> {
    const { desk, registry } = this.parts;
    if (!desk.has(ask.tool)) return plainMessage(this.describeMissing(ask.tool));
    const place = await resolvePlace(registry, desk, ask.place);
    if (!place.ok) return plainMessage(place.message);
    const call = await this.makeCall(ask, place.value);
    if (!call.ok) return plainMessage(call.message);
    const text = stripToOneLine(context.message.text).slice(0, maxQuote);
    const cause = messageCause(context.message);
    const start = await this.parts.runs.request({
      call: call.value,
      requestedBy: context.actor,
      reason: `${formatActor(context.actor)} wrote "${text}"`,
      ...(cause === null ? {} : { cause }),
    });
    return this.describeStart(start);
  }

  /** What to say when a tool is not there: honestly, and what there is instead. */
  describeMissing(tool: string): string {
    const known = this.parts.desk.changing();
    const can =
      known.length === 0
        ? 'No tool that changes anything is installed.'
        : `Installed for changes: ${known.join(', ')}.`;
    return `I cannot do that here: tool '${tool}' is not installed, so nothing was done. ${can}`;
  }

  private async makeCall(ask: KubernetesChange, place: ResolvedPlace): Promise<Resolved<ToolCall>> {
    const cluster = place.cluster.name;
    if (ask.tool.endsWith('_node')) {
      const node = resolveNode(ask.target, place);
      return node.ok ? { ok: true, value: { tool: ask.tool, arguments: { cluster, name: node.value.name } } } : node;
    }
    if (!deploymentTools.has(ask.tool)) {
      const pod = resolvePod(ask.target, place);
      if (!pod.ok) return pod;
      const { namespace, name } = pod.value.pod;
      if (name !== ask.target.name) return unresolved(`There is no pod '${ask.target.name}'. Did you mean '${name}'?`);
      return { ok: true, value: { tool: ask.tool, arguments: { cluster, namespace, name, ...ask.arguments } } };
    }
    const found = resolveDeployment(ask.target, place);
    if (!found.ok) return found;
    const { namespace, name } = found.value;
    const input: JsonObject = { cluster, namespace, name, ...ask.arguments };
    if (ask.tool !== 'k8s_rollback_deployment' || ask.arguments['revision'] !== undefined) {
      return { ok: true, value: { tool: ask.tool, arguments: input } };
    }
    const revision = await this.previousRevision({ cluster, namespace, name });
    if (revision === null) return unresolved(`Deployment ${namespace}/${name} has no earlier revision to go back to.`);
    return { ok: true, value: { tool: ask.tool, arguments: { ...input, revision } } };
  }

  private async previousRevision(input: JsonObject): Promise<number | null> {
    const output = (await this.parts.desk.read('k8s_get_rollout_history', input)) as {
      readonly previous: number | null;
    };
    return output.previous;
  }

  private async describeStart(start: RunStart): Promise<OutgoingMessage> {
    if (!start.ok) return plainMessage(stripToOneLine(start.reason));
    const { run } = start;
    const approvalId = approvalOf(run);
    if (approvalId === null) return plainMessage(describeUnasked(run));
    const summary = await this.parts.log.getSummary(approvalId);
    return summary === null
      ? plainMessage(`It waits for approval ${approvalId}.`)
      : waitingMessage(summary.data as unknown as ApprovalSummary);
  }
}

// A call that runs by itself, one that is refused, and one whose cluster is slow.
function describeUnasked({ id, status, reason }: RunSummary): string {
  const why = stripToOneLine(reason ?? status).replace(/^Step 'call' \([a-z0-9_]+\) cannot be planned: /, '');
  const closed = /[.!?]$/.test(why) ? why : `${why}.`;
  if (status === 'failed' || status === 'rejected') return `Nothing was changed: ${closed}`;
  return `Run ${id} is ${status}: ${closed}`;
}

function waitingMessage(approval: ApprovalSummary): OutgoingMessage {
  const { id, risk, preview } = approval;
  const text =
    `Nothing is changed yet: approval ${id} waits (${risk} risk, until ${clockTime(approval.expiresAt)}).\n` +
    decisionLines(approval);
  return {
    ...plainMessage(text, decisionCommands([approval])),
    title: `${describeCall(approval)}?`,
    blocks: [{ kind: preview.kind === 'diff' ? 'diff' : 'code', text: preview.text }],
  };
}
