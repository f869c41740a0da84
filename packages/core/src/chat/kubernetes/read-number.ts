const units =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen';
const tens = 'twenty thirty forty fifty sixty seventy eighty ninety';

const words = new Map<string, number>([
  ...units.split(' ').map((word, index): [string, number] => [word, index]),
  ...tens.split(' ').map((word, index): [string, number] => [word, (index + 2) * 10]),
  ['hundred', 100],
  ['dozen', 12],
  ['none', 0],
  ['couple', 2],
  ['single', 1],
]);

/** Reads a number in digits or words (`3`, `three`, `twenty-five`); `null` for anything else. */
export function readNumber(text: string): number | null {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  const known = words.get(text);
  if (known !== undefined) return known;
  const [left = '', right = '', ...more] = text.split('-');
  const [ten, unit] = [words.get(left) ?? 0, words.get(right) ?? 0];
  const isCompound = more.length === 0 && ten >= 20 && ten < 100 && unit > 0 && unit < 10;
  return isCompound ? ten + unit : null;
}
