import { inject, injectable } from '../../di/inject.js';
import type { ApprovalSummary } from '../../domain/approval-summary.js';
import { approveLine, decisionCommands } from '../../domain/decision-lines.js';
import { describeCall } from '../../domain/describe-call.js';
import { plainMessage } from '../../domain/outgoing-message.js';
import type { OutgoingMessage } from '../../domain/outgoing-message.js';
import { IncidentLog } from '../../ports/incident-log.js';
import { INTENT_PRIORITIES } from '../../ports/intent.js';
import type { Intent, IntentContext } from '../../ports/intent.js';
import { incidentStream } from '../../runs/case-file.js';

/** A decision that does not say about what. */
export interface Undecided {
  readonly verb: 'approve' | 'reject';
  /** What stands in the place of the id, and is none; `null` when nothing does. */
  readonly what: string | null;
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
const idLike = /^[a-z0-9-]+$/;
const pointing: ReadonlySet<string> = new Set(['it', 'this', 'that', 'please', '']);

/**
 * `approve` without an id. It decides nothing, also where only one approval waits: by the time it is read that may be
 * another one. The answer is the line to type.
 */
@injectable()
export class UndecidedIntent implements Intent<Undecided> {
  readonly id = 'approval-without-id';
  readonly priority = INTENT_PRIORITIES.approval;

  constructor(@inject(IncidentLog) private readonly log: IncidentLog) {}

  isPrompt(): boolean {
    return true;
  }

  match(text: string, { incidentId = null }: Pick<IntentContext, 'incidentId'>): Undecided | null {
    const [word = '', what = '', ...more] = text
      .trim()
      .toLowerCase()
      .replace(/[.!]+$/, '')
      .split(/\s+/);
    const verb = Object.hasOwn(verbs, word) ? verbs[word] : undefined;
    if (verb === undefined || more.length > 0) return null;
    // "yes" and "no" are small talk, but not in answer to an incident.
    if (pointing.has(what)) return word === verb || incidentId !== null ? { verb, what: null } : null;
    // Half an id, or the name of the target: nobody should have to guess why that decided nothing.
    return word === verb && idLike.test(what) ? { verb, what } : null;
  }

  async handle({ verb, what }: Undecided, { incidentId = null }: IntentContext): Promise<readonly OutgoingMessage[]> {
    const stream = incidentId === null ? {} : { stream: incidentStream(incidentId) };
    const page = await this.log.listSummaries({ kind: 'approval', open: true, limit: listed, ...stream });
    const waiting = page.items.map(({ data }) => data as unknown as ApprovalSummary);
    const where = incidentId === null ? '' : ` for incident ${incidentId}`;
    if (waiting.length === 0) return [plainMessage(`Nothing waits for approval${where}. Nothing was decided.`)];
    const lines = waiting.map((approval) => `${describeCall(approval)}:\n${lineOf(verb, approval)}`);
    const more = page.next === null ? [] : ['/approval list'];
    const rest = more.map((command) => `\n\n${command} shows more.`).join('');
    const why = what === null ? 'say which one by its id' : `'${what}' is no id, which has 6 characters (4 are enough)`;
    const text = `Nothing was decided: ${why}. This waits${where}:\n\n${lines.join('\n\n')}${rest}`;
    return [plainMessage(text, [...more, ...decisionCommands(waiting)])];
  }
}

function lineOf(verb: Undecided['verb'], approval: ApprovalSummary): string {
  return verb === 'approve' ? approveLine(approval) : `reject ${approval.id}`;
}
