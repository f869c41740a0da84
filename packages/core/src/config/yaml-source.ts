import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, Scalar } from 'yaml';
import type { Document, Pair } from 'yaml';
import { formatValue } from './config-problem.js';
import type { ConfigProblem } from './config-problem.js';
import { formatPath, valueAt } from './data-path.js';
import type { DataPath } from './data-path.js';
import type { Environment } from './env.js';
import { interpolate } from './interpolate.js';
import { resolvePlainScalar } from './plain-scalar.js';

/** A place in a file, both from 1. */
export interface SourcePosition {
  readonly line: number;
  readonly column: number;
}

/** A YAML file as data that still knows where everything stands. */
export interface YamlSource {
  readonly file: string;
  /** The data, variables filled in; null for an empty file. */
  readonly value: unknown;
  /** Syntax errors and variables that could not be filled in. */
  readonly problems: readonly ConfigProblem[];
  /** True when the syntax is so broken that `value` means nothing. */
  readonly isBroken: boolean;
  /** Where a path stands, its value or its key; the nearest enclosing thing when the path does not exist; null in an empty file. */
  locate(path: DataPath, target?: 'value' | 'key'): SourcePosition | null;
  /** Makes a problem at a path, with its place and its value. */
  problemAt(path: DataPath, message: string, target?: 'value' | 'key'): ConfigProblem;
}

/** What to read. */
export interface YamlText {
  readonly text: string;
  /** The name that messages show. */
  readonly file: string;
  /** What fills `${NAME}` and `${NAME:-default}`; null leaves both as they are. */
  readonly env: Environment | null;
}

class ParsedYaml implements YamlSource {
  readonly file: string;
  readonly value: unknown;
  readonly problems: ConfigProblem[] = [];
  readonly isBroken: boolean;
  private readonly lines = new LineCounter();
  private readonly document: Document.Parsed;

  constructor({ text, file, env }: YamlText) {
    this.file = file;
    this.document = parseDocument(text, { lineCounter: this.lines, prettyErrors: false });
    const faults = [...this.document.errors, ...this.document.warnings];
    for (const { message, pos } of faults) this.problems.push(this.problem([], message, this.position(pos[0])));
    this.isBroken = this.document.errors.some((error) => error.code !== 'DUPLICATE_KEY');
    if (env !== null) this.fill(this.document.contents, [], env);
    this.value = this.isBroken ? null : this.document.toJS();
  }

  locate(path: DataPath, target: 'value' | 'key' = 'value'): SourcePosition | null {
    let node: unknown = this.document.contents;
    let offset = offsetOf(node);
    for (const [depth, segment] of path.entries()) {
      const holder: unknown = isAlias(node) ? node.resolve(this.document) : node;
      const entry = childOf(holder, segment);
      if (entry === undefined) break;
      const isLast = depth === path.length - 1;
      node = isPair(entry) ? entry.value : entry;
      // A key without a value has no place of its own: the key's is the nearest.
      const key = isPair(entry) ? entry.key : null;
      offset = (isLast && target === 'key' ? offsetOf(key) : offsetOf(node)) ?? offsetOf(key) ?? offset;
    }
    return offset === null ? null : this.position(offset);
  }

  problemAt(path: DataPath, message: string, target: 'value' | 'key' = 'value'): ConfigProblem {
    const value = target === 'key' ? null : formatValue(valueAt(this.value, path), path);
    return { ...this.problem(path, message, this.locate(path, target)), value };
  }

  private fill(node: unknown, path: DataPath, env: Environment): void {
    if (isMap(node)) for (const { key, value } of node.items) this.fill(value, [...path, keyOf(key)], env);
    else if (isSeq(node)) for (const [index, item] of node.items.entries()) this.fill(item, [...path, index], env);
    else if (isScalar(node) && typeof node.value === 'string' && node.value.includes('${')) {
      const { text, variables, problems } = interpolate(node.value, env);
      node.value = node.type === Scalar.PLAIN ? resolvePlainScalar(text) : text;
      for (const message of problems) {
        this.problems.push({ ...this.problem(path, message, this.locate(path)), variable: variables[0] ?? null });
      }
    }
  }

  private problem(path: DataPath, message: string, position: SourcePosition | null): ConfigProblem {
    const place = { line: position?.line ?? null, column: position?.column ?? null };
    return { file: this.file, ...place, path: formatPath(path), message, value: null, variable: null };
  }

  private position(offset: number): SourcePosition {
    const { line, col } = this.lines.linePos(offset);
    return { line, column: col };
  }
}

function keyOf(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

function childOf(holder: unknown, segment: string | number): unknown {
  if (isMap(holder)) return holder.items.find((pair: Pair) => keyOf(pair.key) === String(segment));
  return isSeq(holder) ? holder.items[Number(segment)] : undefined;
}

function offsetOf(node: unknown): number | null {
  const range = (node as { readonly range?: readonly number[] | null } | null | undefined)?.range;
  return range?.[0] ?? null;
}

/** Reads YAML text to data that knows its places; never throws: mistakes are in `problems`. */
export function readYaml(text: YamlText): YamlSource {
  return new ParsedYaml(text);
}
