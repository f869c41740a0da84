import { inject, injectable } from '../../di/inject.js';
import type { OutgoingMessage } from '../../domain/outgoing-message.js';
import { ApprovalManager } from '../../ports/approval-manager.js';
import { INTENT_PRIORITIES } from '../../ports/intent.js';
import type { Intent, IntentContext } from '../../ports/intent.js';
import { decideByWords, isConfirmedPress } from '../decide-by-words.js';
import { parseApprovalWords } from '../parse-approval-words.js';
import type { ApprovalWords } from '../parse-approval-words.js';

/** Words that may be a decision. */
export interface ApprovalMatch extends ApprovalWords {
  /** True for "no change" and "yes agree": letters of ids, and words of people as well. */
  readonly mayBeTalk: boolean;
}

const plainVerb = /^(approve|reject)\s/i;

/** `approve <id>`, `reject <id>` and their kin, and the buttons that stand for them. */
@injectable()
export class ApprovalIntent implements Intent<ApprovalMatch> {
  readonly id = 'approval';
  readonly priority = INTENT_PRIORITIES.approval;

  constructor(@inject(ApprovalManager) private readonly approvals: ApprovalManager) {}

  match(text: string): ApprovalMatch | null {
    const words = parseApprovalWords(text);
    if (words === null) return null;
    // A word with a digit is nothing but an id; without one it is, where there is an approval of that name.
    return { ...words, mayBeTalk: !plainVerb.test(text) && !/\d/.test(words.idPrefix) };
  }

  // What may be talk may end as a question for a language model, behind which no decision is to wait.
  isPrompt({ mayBeTalk }: ApprovalMatch): boolean {
    return !mayBeTalk;
  }

  async handle(
    { mayBeTalk, ...words }: ApprovalMatch,
    { actor, message }: IntentContext,
  ): Promise<readonly OutgoingMessage[] | null> {
    if (mayBeTalk && (await this.approvals.resolveId(words.idPrefix)).kind === 'unknown') return null;
    return [await decideByWords(this.approvals, words, { actor, isConfirmed: isConfirmedPress(message) })];
  }
}
