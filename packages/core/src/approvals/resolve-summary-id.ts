import { ID_ALPHABET, ID_LENGTH } from '../ports/id-generator.js';
import type { IncidentLog, SummaryKind } from '../ports/incident-log.js';

/** What an id as people type it stands for. */
export type ResolvedId =
  | { readonly kind: 'found'; readonly id: string }
  | { readonly kind: 'unknown'; readonly message: string }
  | { readonly kind: 'ambiguous'; readonly ids: readonly string[]; readonly message: string };

const prefixPattern = new RegExp(`^[${ID_ALPHABET}]{4,${ID_LENGTH}}$`);

const whereToLook: Readonly<Partial<Record<SummaryKind, string>>> = {
  approval: ' /approval list shows what waits.',
  incident: ' /incident list shows the open ones.',
  run: ' /incident show <id> names the runs of an incident.',
};

/** Finds what people mean by a whole id or an unambiguous beginning of it; what is still open comes before what is over. */
export async function resolveSummaryId(log: IncidentLog, kind: SummaryKind, text: string): Promise<ResolvedId> {
  const typed = text.trim().toLowerCase();
  const unknown: ResolvedId = { kind: 'unknown', message: `There is no ${kind} '${text}'.${whereToLook[kind] ?? ''}` };
  if (!prefixPattern.test(typed)) return unknown;
  const matches = (await log.findSummariesByPrefix(typed)).filter((summary) => summary.kind === kind);
  const open = matches.filter((summary) => summary.open);
  const candidates = open.length > 0 ? open : matches;
  const [first] = candidates;
  if (first === undefined) return unknown;
  if (candidates.length === 1) return { kind: 'found', id: first.id };
  const ids = candidates.map((summary) => summary.id);
  return { kind: 'ambiguous', ids, message: `'${text}' may be ${ids.join(' or ')}. Type the whole id.` };
}
