/** A path into data: keys and indices. */
export type DataPath = readonly (string | number)[];

const plainKey = /^[A-Za-z_][\w-]*$/;

/** Writes a path as `http.tls.ports[0]`. */
export function formatPath(path: DataPath): string {
  return path.reduce<string>((text, segment) => {
    if (typeof segment === 'number') return `${text}[${segment}]`;
    if (!plainKey.test(segment)) return `${text}[${JSON.stringify(segment)}]`;
    return text === '' ? segment : `${text}.${segment}`;
  }, '');
}

/** Answers what data holds at a path; undefined when there is nothing. */
export function valueAt(data: unknown, path: DataPath): unknown {
  return path.reduce<unknown>(
    (value, segment) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, segment)
        ? (value as Record<string | number, unknown>)[segment]
        : undefined,
    data,
  );
}
