import type { ApprovalFile } from '../runs/case-file.js';

/** Why a run's approvals are looked at: the app has started, or the log told of something. */
export type AnnounceCause = 'boot' | 'event';

/** How an approval's message came to be looked at. */
export interface Showing {
  readonly cause: AnnounceCause;
  readonly wasShown: boolean;
}

/** What was over before anybody saw the question needs no message, except where somebody or a policy decided it. */
export function isWorthPosting(approval: ApprovalFile, { cause, wasShown }: Showing): boolean {
  if (approval.status === 'pending') return true;
  if (cause === 'boot') return !wasShown && approval.decidedBy?.channelType === 'policy';
  return approval.decidedBy !== null;
}
