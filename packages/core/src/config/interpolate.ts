import type { Environment } from './env.js';

/** A text after its variables were filled in, with what went wrong. */
export interface Interpolation {
  readonly text: string;
  /** The variables that were used or missed, in order. */
  readonly variables: readonly string[];
  readonly problems: readonly string[];
}

// In order: `$${` stands for a literal `${`, then `${NAME}` and `${NAME:-default}`, then what was begun and is neither.
const pattern = /\$\$\{|\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}|\$\{[^}]*\}?/g;

/** Fills `${NAME}` and `${NAME:-default}` (used when the variable is unset or empty); `$${` stands for a literal `${`. */
export function interpolate(text: string, env: Environment): Interpolation {
  const variables: string[] = [];
  const problems: string[] = [];
  const filled = text.replace(pattern, (match: string, name: string | undefined, fallback: string | undefined) => {
    if (match === '$${') return '${';
    if (name === undefined) {
      problems.push(`'${match}' is not a variable; write \${NAME} or \${NAME:-default}, or $\${ for a literal \${`);
      return match;
    }
    variables.push(name);
    const value = env[name];
    if (fallback !== undefined) return value === undefined || value === '' ? fallback : value;
    if (value !== undefined) return value;
    problems.push(`'${match}' cannot be filled in: set the variable, or give a default as \${${name}:-default}`);
    return match;
  });
  return { text: filled, variables, problems };
}
