import type { KubeObject } from './kube-object.js';

const texts = new WeakMap<KubeObject, string>();

/** The JSON of a stored object without its type fields, as list items carry it; made once for each version. */
export function itemText(object: KubeObject): string {
  let text = texts.get(object);
  if (text === undefined) {
    const { apiVersion: _apiVersion, kind: _kind, ...rest } = object;
    texts.set(object, (text = JSON.stringify(rest)));
  }
  return text;
}

/** The JSON of a stored object as `get` and watches show it. */
export function objectText(object: KubeObject): string {
  return `{"kind":${JSON.stringify(object.kind)},"apiVersion":${JSON.stringify(object.apiVersion)},${itemText(object).slice(1)}`;
}
