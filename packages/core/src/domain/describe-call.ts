import type { JsonObject, JsonValue } from './json.js';
import type { PlacedResource } from './resource-reference.js';
import { stripToOneLine } from './strip-controls.js';

/** A call and what it is aimed at, as an approval has them. */
export interface AimedCall {
  readonly tool: string;
  readonly arguments: JsonObject;
  readonly target: PlacedResource;
}

// What the target says already.
const placing: ReadonlySet<string> = new Set(['cluster', 'namespace', 'kind', 'name']);
const shownArguments = 3;
const maxValueLength = 60;

/**
 * A call in the words that somebody woken at night understands: `Restart Deployment shop/cart`, `Scale Deployment
 * shop/web to 3 replicas`. It is a heading; what exactly is called stands elsewhere, with all its arguments.
 */
export function describeCall({ tool, arguments: input, target }: AimedCall): string {
  const details = Object.entries(input)
    .filter(([name]) => !placing.has(name))
    .flatMap(([name, value]) => describeArgument(name, value));
  const more = details.length === 0 ? '' : ` ${details.slice(0, shownArguments).join(', ')}`;
  return `${describeAction(tool, target.kind)} ${describeTarget(target)}${more}`;
}

/** `Deployment shop/cart`, or `Node node-2` of what has no namespace. */
export function describeTarget({ kind, namespace, name }: PlacedResource): string {
  return stripToOneLine(`${kind} ${namespace === null ? '' : `${namespace}/`}${name}`);
}

function describeAction(tool: string, kind: string): string {
  const words = tool.replace(/^k8s_/, '').split(/[_-]+/);
  if (words.length > 1 && words.at(-1) === kind.toLowerCase()) words.pop();
  const action = words.join(' ').replace(/^rollback\b/, 'roll back');
  return action.charAt(0).toUpperCase() + action.slice(1);
}

function describeArgument(name: string, value: JsonValue): readonly string[] {
  if (value === null) return [];
  if (typeof value === 'object') return name === 'template' ? ['to an earlier template'] : [];
  const line = stripToOneLine(String(value));
  const shown = line.length <= maxValueLength ? line : `${line.slice(0, maxValueLength - 1)}…`;
  if (name === 'replicas') return [`to ${shown} ${value === 1 ? 'replica' : 'replicas'}`];
  if (name === 'revision') return [`to revision ${shown}`];
  return [`(${name}: ${shown})`];
}
