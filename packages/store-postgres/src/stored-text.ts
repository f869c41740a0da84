/** Any text, or none, in a form that PostgreSQL keeps: it has neither NULs nor lone surrogates. */
export function toStoredText(value: string | null): string | null {
  return value === null ? null : JSON.stringify(value);
}

/** What `toStoredText` was given. */
export function fromStoredText(value: unknown): string | null {
  return typeof value === 'string' ? (JSON.parse(value) as string) : null;
}
