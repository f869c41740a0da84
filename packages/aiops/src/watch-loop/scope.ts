import type { ClusterObject, ClusterObjectKind, ClusterView } from '@dogwatch/core';
import type { WatchLoopSettings } from './watch-loop-settings.js';

/** The annotation by which an object, or what controls it, opts out. */
export const IGNORE_ANNOTATION = 'dogwatch.dev/ignore';

/** Decides which objects Dogwatch looks at. */
export class Scope {
  constructor(private readonly settings: Pick<WatchLoopSettings, 'namespaces' | 'labels'>) {}

  /**
   * Why an object is left out, or `null` when it is watched. Namespaces concern namespaced objects alone. Labels and the
   * annotation count on the object and on everything that controls it, as far as it is watched.
   */
  whyOut(view: ClusterView, object: ClusterObject): string | null {
    const chain = controlChain(view, object);
    const ignored = chain.find((one) => one.annotations[IGNORE_ANNOTATION] === 'true');
    if (ignored) return `${ignored.kind} '${ignored.name}' is annotated ${IGNORE_ANNOTATION}: "true".`;
    return this.whyNamespaceOut(object.namespace) ?? this.whyLabelsOut(chain);
  }

  private whyNamespaceOut(namespace: string | null): string | null {
    if (namespace === null) return null;
    const { include, exclude } = this.settings.namespaces;
    if (exclude.some((pattern) => matchesGlob(pattern, namespace))) {
      return `Namespace '${namespace}' is excluded from the watch.`;
    }
    if (include.length > 0 && !include.some((pattern) => matchesGlob(pattern, namespace))) {
      return `Namespace '${namespace}' is not included in the watch.`;
    }
    return null;
  }

  private whyLabelsOut(chain: readonly ClusterObject[]): string | null {
    const { include, exclude } = this.settings.labels;
    const has = ([key, value]: readonly [string, string]): boolean => chain.some((one) => one.labels[key] === value);
    const excluded = Object.entries(exclude).find(has);
    if (excluded) return `Label '${excluded[0]}=${excluded[1]}' is excluded from the watch.`;
    // A node carries no team's labels: asking for one must not hide a node that is down.
    if (chain[0]?.namespace === null) return null;
    const missing = Object.entries(include).find((label) => !has(label));
    return missing ? `Label '${missing[0]}=${missing[1]}', which the watch asks for, is missing.` : null;
  }
}

/** The object and what controls it, nearest first, as far as the view holds it. */
export function controlChain(view: ClusterView, object: ClusterObject): readonly ClusterObject[] {
  const chain: ClusterObject[] = [object];
  let next = object.controller;
  while (next && chain.length < 8) {
    const kind = view.kinds.find((one) => one === next?.kind);
    const controller: ClusterObject | null = kind ? getObject(view, kind, object.namespace, next.name) : null;
    if (controller?.uid !== next.uid) break;
    chain.push(controller);
    next = controller.controller;
  }
  return chain;
}

/** An object of a kind that is known only at run time. */
export function getObject(
  view: ClusterView,
  kind: ClusterObjectKind,
  namespace: string | null,
  name: string,
): ClusterObject | null {
  return view.get(kind, namespace, name);
}

function matchesGlob(pattern: string, text: string): boolean {
  const parts = pattern.split('*');
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (parts.length === 1) return pattern === text;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  let from = first.length;
  for (const part of parts.slice(1, -1)) {
    const at = text.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return from <= text.length - last.length;
}
