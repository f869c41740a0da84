import { createHash } from 'node:crypto';
import { canonicalJson, type JsonValue } from '@dogwatch/core';
import { readObject, type RawObject } from './read-fields.js';

const hashLabel = 'pod-template-hash';
const restartAnnotation = 'kubectl.kubernetes.io/restartedAt';
const ownAnnotationPrefix = 'dogwatch.dev/';

/**
 * Digest of a pod template without what a rollout restart, Dogwatch and the Deployment controller write into it: revisions with
 * the same digest are the same to a human.
 */
export function digestTemplate(rawTemplate: unknown): string {
  const template = readObject(rawTemplate);
  const metadata = readObject(template.metadata);
  const compared = {
    ...template,
    metadata: withoutNothing({
      ...metadata,
      labels: without(metadata.labels, (name) => name === hashLabel),
      annotations: without(
        metadata.annotations,
        (name) => name === restartAnnotation || name.startsWith(ownAnnotationPrefix),
      ),
    }),
  };
  return createHash('sha256')
    .update(canonicalJson(compared as unknown as JsonValue))
    .digest('hex');
}

function without(value: unknown, isDropped: (name: string) => boolean): RawObject | null {
  const kept = Object.entries(readObject(value)).filter(([name]) => !isDropped(name));
  return kept.length === 0 ? null : Object.fromEntries(kept);
}

/** `creationTimestamp: null` and an absent one, or no annotations and an empty map of them, are the same to Kubernetes. */
function withoutNothing(object: RawObject): RawObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null && value !== undefined));
}
