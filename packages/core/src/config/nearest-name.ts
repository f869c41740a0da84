/** Counts the fewest single-character insertions, deletions, replacements and swaps of neighbours that turn one text into the other. */
export function editDistance(from: string, to: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const replaced = previous[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1);
      let best = Math.min(previous[column]! + 1, current[column - 1]! + 1, replaced);
      const isSwap = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (isSwap) best = Math.min(best, beforePrevious[column - 2]! + 1);
      current.push(best);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[to.length]!;
}

const simplify = (name: string): string => name.toLowerCase().replace(/[-_.\s]/g, '');

/** Answers the known name that was probably meant, or null when none is near; letter case, dashes and underscores do not count. */
export function nearestName(name: string, known: Iterable<string>): string | null {
  const wanted = simplify(name);
  // A third of the letters wrong is still a slip of the hand; more is another word.
  let limit = Math.max(1, Math.floor(wanted.length / 3));
  let nearest: string | null = null;
  for (const candidate of known) {
    const distance = editDistance(wanted, simplify(candidate));
    if (distance < limit || (distance === limit && nearest === null)) {
      nearest = candidate;
      limit = distance;
    }
  }
  return nearest;
}

/** Says `unknown key 'prot', did you mean 'port'?`, or lists what is known when nothing is near. */
export function describeUnknownName(kind: string, name: string, known: Iterable<string>): string {
  const names = [...known].sort();
  const nearest = nearestName(name, names);
  if (nearest !== null) return `unknown ${kind} '${name}', did you mean '${nearest}'?`;
  return `unknown ${kind} '${name}', known ${names.length === 1 ? 'is' : 'are'}: ${names.join(', ') || '(none)'}`;
}
