/** A decision as people type it. */
export interface ApprovalWords {
  readonly decision: 'approve' | 'reject';
  /** The id or a prefix of it, lower case. */
  readonly idPrefix: string;
  /** What follows the id: the target's name, or the decision is none; `null` if nothing does. */
  readonly confirm: string | null;
}

const decisions: Readonly<Record<string, ApprovalWords['decision']>> = {
  approve: 'approve',
  yes: 'approve',
  confirm: 'approve',
  reject: 'reject',
  no: 'reject',
  cancel: 'reject',
};

// Words of small talk that could be ids by their letters: "no thanks" decides nothing. `approve` and `reject` take every id.
const smallTalk: ReadonlySet<string> = new Set(
  'thanks thank sure need that them they then there these maybe never great perfect exactly agreed same here yeah yes nope much very what when where'.split(
    ' ',
  ),
);

// The id alphabet has no 0, o, 1, i, l; four characters are the shortest prefix.
const idPattern = /^[2-9a-hjkmnp-z]{4,6}$/;

/**
 * Reads `approve <id> [<target name>]` and its kin. The whole message must be those words: an id inside a sentence
 * decides nothing. Answers `null` for anything else. Whether the third word is the target's name is judged with the approval.
 */
export function parseApprovalWords(text: string): ApprovalWords | null {
  const words = text.trim().split(/\s+/);
  if (words.length < 2 || words.length > 3) return null;
  const verb = (words[0] as string).toLowerCase();
  const decision = decisions[verb];
  const idPrefix = (words[1] as string).toLowerCase();
  if (decision === undefined || !idPattern.test(idPrefix)) return null;
  const isPlain = verb === 'approve' || verb === 'reject';
  if (!isPlain && smallTalk.has(idPrefix)) return null;
  return { decision, idPrefix, confirm: words[2] ?? null };
}
