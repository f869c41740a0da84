import { inject, injectable } from '../../di/inject.js';
import type { ApprovalSummary } from '../../domain/approval-summary.js';
import { plainMessage } from '../../domain/outgoing-message.js';
import type { OutgoingMessage } from '../../domain/outgoing-message.js';
import { IncidentLog } from '../../ports/incident-log.js';
import { INTENT_PRIORITIES } from '../../ports/intent.js';
import type { Intent, IntentContext } from '../../ports/intent.js';
import { incidentStream } from '../../runs/case-file.js';

/** A decision that does not say about what. */
export interface Undecided {
  readonly verb: 'approve' | 'reject';
}

const listed = 5;
const verbs: Readonly<Record<string, Undecided['verb']>> = {
  approve: 'approve',
  yes: 'approve',
  confirm: 'approve',
  reject: 'reject',
  no: 'reject',
  cancel: 'reject',
};
const pointing: ReadonlySet<string> = new Set(['it', 'this', 'that', 'please', '']);

/**
 * `approve` without an id. It decides nothing, also where only one approval waits: by the time it is read that may be
 * another one. The answer is the line to type.
 */
@injectable()
export class UndecidedIntent implements Intent<Undecided> {
  readonly id = 'approval-without-id';
  readonly priority = INTENT_PRIORITIES.approval;
  readonly isPrompt = true;

  constructor(@inject(IncidentLog) private readonly log: IncidentLog) {}

  match(text: string, { incidentId = null }: Pick<IntentContext, 'incidentId'>): Undecided | null {
    const [word = '', what = '', ...more] = text
      .trim()
      .toLowerCase()
      .replace(/[.!]+$/, '')
      .split(/\s+/);
    const verb = Object.hasOwn(verbs, word) ? verbs[word] : undefined;
    if (verb === undefined || more.length > 0 || !pointing.has(what)) return null;
    // "yes" and "no" are small talk, but not in answer to an incident.
    return word === verb || incidentId !== null ? { verb } : null;
  }

  async handle({ verb }: Undecided, { incidentId = null }: IntentContext): Promise<readonly OutgoingMessage[]> {
    const stream = incidentId === null ? {} : { stream: incidentStream(incidentId) };
    const page = await this.log.listSummaries({ kind: 'approval', open: true, limit: listed, ...stream });
    const waiting = page.items.map(({ data }) => data as unknown as ApprovalSummary);
    const where = incidentId === null ? '' : ` for incident ${incidentId}`;
    if (waiting.length === 0) return [plainMessage(`Nothing waits for approval${where}. Nothing was decided.`)];
    const lines = waiting.map((approval) => `${lineOf(verb, approval)}   (${describe(approval)})`);
    const rest = page.next === null ? '' : '\n/approval list shows more.';
    return [
      plainMessage(`Nothing was decided: say which one by its id. This waits${where}:\n${lines.join('\n')}${rest}`),
    ];
  }
}

function lineOf(verb: Undecided['verb'], { id, requiresConfirm, target }: ApprovalSummary): string {
  return verb === 'approve' && requiresConfirm ? `approve ${id} ${target.name}` : `${verb} ${id}`;
}

function describe({ tool, target }: ApprovalSummary): string {
  return `${tool} on ${target.kind} ${target.namespace === null ? '' : `${target.namespace}/`}${target.name}`;
}
