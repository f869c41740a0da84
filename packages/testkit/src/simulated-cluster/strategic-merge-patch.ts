import type { JsonValue } from './kube-object.js';

type JsonObject = { [key: string]: JsonValue };

/** The key by which Kubernetes merges the lists that Dogwatch's world uses; other lists are replaced. */
const MERGE_KEYS: ReadonlyMap<string, string> = new Map([
  ['containers', 'name'],
  ['initContainers', 'name'],
  ['ephemeralContainers', 'name'],
  ['volumes', 'name'],
  ['env', 'name'],
  ['imagePullSecrets', 'name'],
  ['volumeMounts', 'mountPath'],
  ['ports', 'containerPort'],
  ['conditions', 'type'],
  ['ownerReferences', 'uid'],
  ['addresses', 'type'],
]);

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mergeKeyOf(field: string, items: readonly JsonValue[]): string | undefined {
  if (field !== 'ports') return MERGE_KEYS.get(field);
  return items.some((item) => isObject(item) && 'containerPort' in item) ? 'containerPort' : 'port';
}

function mergeList(current: readonly JsonValue[], patch: readonly JsonValue[], key: string): JsonValue[] {
  if (patch.some((item) => isObject(item) && item['$patch'] === 'replace')) {
    return patch
      .filter((item) => !(isObject(item) && item['$patch'] === 'replace'))
      .map((item) => mergeValue('', undefined, item));
  }
  const merged = [...current];
  for (const item of patch) {
    if (!isObject(item)) continue;
    const at = merged.findIndex((existing) => isObject(existing) && existing[key] === item[key]);
    if (item['$patch'] === 'delete') {
      if (at >= 0) merged.splice(at, 1);
    } else if (at >= 0) merged[at] = mergeValue('', merged[at], item);
    else merged.push(mergeValue('', undefined, item));
  }
  return merged;
}

function mergeObject(current: JsonObject, patch: JsonObject): JsonObject {
  if (patch['$patch'] === 'delete') return {};
  const merged = new Map(patch['$patch'] === 'replace' ? [] : Object.entries(current));
  for (const [field, value] of Object.entries(patch)) {
    if (field === '$patch' || field === '$retainKeys' || field.startsWith('$setElementOrder/')) continue;
    const removed = /^\$deleteFromPrimitiveList\/(.+)$/.exec(field)?.[1];
    if (removed !== undefined) {
      const list = merged.get(removed);
      if (Array.isArray(list) && Array.isArray(value))
        merged.set(
          removed,
          list.filter((item) => !value.includes(item)),
        );
    } else if (value === null) merged.delete(field);
    else merged.set(field, mergeValue(field, merged.get(field), value));
  }
  return Object.fromEntries(merged);
}

function mergeValue(field: string, current: JsonValue | undefined, patch: JsonValue): JsonValue {
  if (Array.isArray(patch)) {
    const key = mergeKeyOf(field, patch);
    if (key !== undefined) return mergeList(Array.isArray(current) ? current : [], patch, key);
    if (field === 'finalizers') return [...new Set([...(Array.isArray(current) ? current : []), ...patch])];
    return patch;
  }
  return isObject(patch) ? mergeObject(isObject(current) ? current : {}, patch) : patch;
}

/** Applies a Kubernetes strategic merge patch to a copy: a merge patch whose well-known lists merge by key. */
export function applyStrategicMergePatch(target: JsonValue, patch: JsonValue): JsonValue {
  return structuredClone(mergeValue('', target, patch));
}
