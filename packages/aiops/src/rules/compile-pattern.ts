import { RE2JS, RE2JSSyntaxException } from 're2js';

/** A condition on one text, with the words it was written in. */
export interface TextPattern {
  readonly source: string;
  matches(text: string): boolean;
}

/** A pattern, or why it is none. */
export type CompiledPattern =
  { readonly ok: true; readonly pattern: TextPattern } | { readonly ok: false; readonly message: string };

/** Reads an exact text, a `glob-*`, or a `/regular expression/`, which takes linear time whatever it is given. */
export function compilePattern(source: string): CompiledPattern {
  if (source.length > 1 && source.startsWith('/') && source.endsWith('/')) return compileExpression(source);
  if (!/[*?]/.test(source)) return { ok: true, pattern: { source, matches: (text) => text === source } };
  const expression = [...source].map((char) => (char === '*' ? '.*' : char === '?' ? '.' : RE2JS.quote(char))).join('');
  const glob = RE2JS.compile(`^(?:${expression})$`, RE2JS.DOTALL);
  return { ok: true, pattern: { source, matches: (text) => glob.test(text) } };
}

function compileExpression(source: string): CompiledPattern {
  try {
    const expression = RE2JS.compile(source.slice(1, -1));
    return { ok: true, pattern: { source, matches: (text) => expression.test(text) } };
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    return { ok: false, message: `is not a valid regular expression: ${error.message}` };
  }
}
