import { createHash, randomInt } from 'node:crypto';

/** The letters of generated Kubernetes names: no vowels, nothing that looks like something else. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** Makes the random end of a generated name. */
export function randomSuffix(length = 5): string {
  return Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

/** Hashes a pod template into the ten letters of `pod-template-hash`. */
export function hashText(text: string): string {
  const digest = createHash('sha256').update(text).digest();
  return Array.from(digest.subarray(0, 10), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
}

/** Writes JSON with sorted members, so that equal values have equal texts. */
export function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([left], [right]) => (left < right ? -1 : 1)))
      : member,
  );
}
