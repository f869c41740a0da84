/** A JSON object of unknown shape. */
export type RawObject = Readonly<Record<string, unknown>>;

const nothing: RawObject = Object.freeze({});

/** The value as an object; an empty one when it is none. */
export function readObject(value: unknown): RawObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as RawObject) : nothing;
}

/** The value's items that are objects; none when it is no array. */
export function readObjects(value: unknown): readonly RawObject[] {
  if (!Array.isArray(value)) return [];
  return value.filter((item): item is RawObject => typeof item === 'object' && item !== null);
}

/** The value as a text that says something, else `null`. */
export function readText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The value as a whole number, else `null`. */
export function readInteger(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null;
}

/** A Kubernetes time as milliseconds since the epoch, else `null`. */
export function readTime(value: unknown): number | null {
  if (typeof value !== 'string') return null;
  const time = Date.parse(value);
  return Number.isNaN(time) ? null : time;
}

/** Freezes a copy of an array that has no room for more: those that grew keep up to sixteen empty places for each of thousands of pods. */
export function freezeExact<T>(items: readonly T[]): readonly T[] {
  return Object.freeze(items.slice());
}
