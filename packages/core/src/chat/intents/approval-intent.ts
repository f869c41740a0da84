import { inject, injectable } from '../../di/inject.js';
import type { OutgoingMessage } from '../../domain/outgoing-message.js';
import { ApprovalManager } from '../../ports/approval-manager.js';
import { INTENT_PRIORITIES } from '../../ports/intent.js';
import type { Intent, IntentContext } from '../../ports/intent.js';
import { decideByWords, isConfirmedPress } from '../decide-by-words.js';
import { parseApprovalWords } from '../parse-approval-words.js';
import type { ApprovalWords } from '../parse-approval-words.js';

/** `approve <id>`, `reject <id>` and their kin, and the buttons that stand for them. */
@injectable()
export class ApprovalIntent implements Intent<ApprovalWords> {
  readonly id = 'approval';
  readonly priority = INTENT_PRIORITIES.approval;
  readonly isPrompt = true;

  constructor(@inject(ApprovalManager) private readonly approvals: ApprovalManager) {}

  match(text: string): ApprovalWords | null {
    return parseApprovalWords(text);
  }

  async handle(words: ApprovalWords, { actor, message }: IntentContext): Promise<readonly OutgoingMessage[]> {
    return [await decideByWords(this.approvals, words, { actor, isConfirmed: isConfirmedPress(message) })];
  }
}
