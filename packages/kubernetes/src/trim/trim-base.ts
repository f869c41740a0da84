import type { ClusterObjectBase, ClusterObjectKind, ObjectCondition } from '@dogwatch/core';
import { freezeExact, readObject, readObjects, readText, readTime, type RawObject } from './read-fields.js';
import { shortenMessage, type TextPool } from './text-pool.js';

/** Annotations that Dogwatch reads besides its own. */
const revisionAnnotation = 'deployment.kubernetes.io/revision';
const ownAnnotationPrefix = 'dogwatch.dev/';

function isKeptAnnotation(name: string): boolean {
  return name === revisionAnnotation || name.startsWith(ownAnnotationPrefix);
}

/** Trims what every object has. Throws when it lacks what tells it apart: name, uid or resourceVersion. */
export function trimBase<K extends ClusterObjectKind>(
  kind: K,
  raw: RawObject,
  pool: TextPool,
): ClusterObjectBase & { readonly kind: K } {
  const metadata = readObject(raw.metadata);
  const name = readText(metadata.name);
  const uid = readText(metadata.uid);
  const resourceVersion = readText(metadata.resourceVersion);
  if (name === null || uid === null || resourceVersion === null) {
    const missing = Object.entries({ name, uid, resourceVersion })
      .filter(([, value]) => value === null)
      .map(([field]) => `metadata.${field}`);
    throw new Error(`The ${kind} '${name ?? '(without a name)'}' lacks ${missing.join(' and ')}.`);
  }
  return {
    kind,
    name,
    namespace: pool.share(readText(metadata.namespace)),
    uid,
    resourceVersion,
    createdAt: readTime(metadata.creationTimestamp) ?? 0,
    deletedAt: readTime(metadata.deletionTimestamp),
    labels: pool.shareMap(readObject(metadata.labels)),
    annotations: pool.shareMap(readObject(metadata.annotations), isKeptAnnotation),
    controller: trimController(metadata, pool),
  };
}

/**
 * Completes and freezes an object. It is not built by `{ ...base, … }`: V8 gives each object that is built by a spread of this length a
 * hidden class of its own, which doubles its size.
 */
export function extendBase<Base extends object, Rest extends object>(base: Base, rest: Rest): Readonly<Base & Rest> {
  return Object.freeze(Object.assign(base, rest));
}

function trimController(metadata: RawObject, pool: TextPool): ClusterObjectBase['controller'] {
  const reference = readObjects(metadata.ownerReferences).find((one) => one.controller === true);
  if (!reference) return null;
  const kind = readText(reference.kind);
  const name = readText(reference.name);
  const uid = readText(reference.uid);
  if (kind === null || name === null || uid === null) return null;
  return pool.shareController({ kind: pool.share(kind), name: pool.share(name), uid: pool.share(uid) });
}

/** The revision that the Deployment controller has written on an object. */
export function readRevision(annotations: ClusterObjectBase['annotations']): number | null {
  const text = annotations[revisionAnnotation];
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

/** Trims the conditions of a status. */
export function trimConditions(status: RawObject, pool: TextPool): readonly ObjectCondition[] {
  const conditions = readObjects(status.conditions).flatMap((raw): ObjectCondition[] => {
    const type = readText(raw.type);
    if (type === null) return [];
    return [
      Object.freeze({
        type: pool.share(type),
        status: pool.share(readText(raw.status) ?? 'Unknown'),
        reason: pool.share(readText(raw.reason)),
        message: pool.share(shortenMessage(readText(raw.message))),
        since: readTime(raw.lastTransitionTime),
      }),
    ];
  });
  return freezeExact(conditions);
}
