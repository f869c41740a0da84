import { isDeepStrictEqual } from 'node:util';
import type { JsonValue } from './kube-object.js';

/** One operation of a JSON patch (RFC 6902). */
export interface JsonPatchOperation {
  readonly op: string;
  readonly path: string;
  readonly from?: string;
  readonly value?: JsonValue;
}

/** Why a JSON patch could not be applied. */
export class JsonPatchError extends Error {
  override readonly name = 'JsonPatchError';
}

/** Splits a JSON pointer (RFC 6901) into its unescaped parts. */
export function parsePointer(pointer: string): string[] {
  if (pointer === '') return [];
  if (!pointer.startsWith('/')) throw new JsonPatchError(`The JSON pointer '${pointer}' must start with a slash.`);
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

type Container = JsonValue[] | { [key: string]: JsonValue };

function isContainer(value: JsonValue | undefined): value is Container {
  return typeof value === 'object' && value !== null;
}

function indexIn(list: JsonValue[], part: string, end: number): number {
  const index = /^(0|[1-9]\d*)$/.test(part) ? Number(part) : -1;
  if (index < 0 || index > end) throw new JsonPatchError(`The index '${part}' is not in a list of ${list.length}.`);
  return index;
}

function childOf(container: Container, part: string): JsonValue {
  if (Array.isArray(container)) return container[indexIn(container, part, container.length - 1)] as JsonValue;
  if (!Object.hasOwn(container, part)) throw new JsonPatchError(`The member '${part}' does not exist.`);
  return container[part] as JsonValue;
}

function read(root: JsonValue, parts: readonly string[]): JsonValue {
  let value = root;
  for (const part of parts) {
    if (!isContainer(value)) throw new JsonPatchError(`The path goes through a plain value at '${part}'.`);
    value = childOf(value, part);
  }
  return value;
}

function parentOf(root: JsonValue, parts: readonly string[]): Container {
  const parent = read(root, parts.slice(0, -1));
  if (!isContainer(parent)) throw new JsonPatchError('The path ends inside a plain value.');
  return parent;
}

function setMember(target: { [key: string]: JsonValue }, key: string, value: JsonValue): void {
  // A plain assignment to "__proto__" would change the prototype instead of the member.
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}

function add(root: JsonValue, parts: readonly string[], value: JsonValue): JsonValue {
  const last = parts.at(-1);
  if (last === undefined) return value;
  const parent = parentOf(root, parts);
  if (!Array.isArray(parent)) setMember(parent, last, value);
  else parent.splice(last === '-' ? parent.length : indexIn(parent, last, parent.length), 0, value);
  return root;
}

function remove(root: JsonValue, parts: readonly string[]): JsonValue {
  const last = parts.at(-1);
  if (last === undefined) throw new JsonPatchError('The whole document cannot be removed.');
  const parent = parentOf(root, parts);
  childOf(parent, last);
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
  return root;
}

function replace(root: JsonValue, parts: readonly string[], value: JsonValue): JsonValue {
  const last = parts.at(-1);
  if (last === undefined) return value;
  const parent = parentOf(root, parts);
  childOf(parent, last);
  if (Array.isArray(parent)) parent[Number(last)] = value;
  else setMember(parent, last, value);
  return root;
}

function valueOf(operation: JsonPatchOperation): JsonValue {
  if (operation.value === undefined) throw new JsonPatchError(`'${operation.op}' needs a value.`);
  return structuredClone(operation.value);
}

function move(root: JsonValue, operation: JsonPatchOperation): JsonValue {
  const from = parsePointer(operation.from ?? '');
  const to = parsePointer(operation.path);
  if (to.length > from.length && from.every((part, index) => part === to[index])) {
    throw new JsonPatchError(`'${operation.from}' cannot be moved into itself.`);
  }
  const value = read(root, from);
  if (from.length === to.length && from.every((part, index) => part === to[index])) return root;
  return add(remove(root, from), to, value);
}

function applyOperation(root: JsonValue, operation: JsonPatchOperation): JsonValue {
  const parts = parsePointer(operation.path);
  switch (operation.op) {
    case 'add':
      return add(root, parts, valueOf(operation));
    case 'remove':
      return remove(root, parts);
    case 'replace':
      return replace(root, parts, valueOf(operation));
    case 'move':
      return move(root, operation);
    case 'copy':
      return add(root, parts, structuredClone(read(root, parsePointer(operation.from ?? ''))));
    case 'test':
      if (isDeepStrictEqual(read(root, parts), valueOf(operation))) return root;
      throw new JsonPatchError(`The value at '${operation.path}' is another one.`);
    default:
      throw new JsonPatchError(`Unknown operation '${operation.op}'.`);
  }
}

/** Applies a JSON patch (RFC 6902) to a copy; all operations or, with a JsonPatchError, none. */
export function applyJsonPatch(document: JsonValue, patch: readonly JsonPatchOperation[]): JsonValue {
  return patch.reduce(applyOperation, structuredClone(document));
}
