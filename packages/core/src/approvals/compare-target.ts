import type { LiveObject } from '../domain/cluster-object.js';
import type { ApprovalFile } from '../runs/case-file.js';
import { digestTarget } from './target-digest.js';

/** How the live target differs from the one that an approval was given for, in words; `null` when it is the same. */
export function findTargetDifference(approval: ApprovalFile, live: LiveObject | null): string | null {
  const { kind, namespace, name, uid } = approval.target;
  const place = `${kind} ${namespace === null ? '' : `${namespace}/`}${name}`;
  if (live === null) return `${place} no longer exists.`;
  if (live.uid !== uid) return `${place} was deleted and created again since this was asked.`;
  if (digestTarget(live, approval.touches) !== approval.digest) {
    return `${approval.touches.join(', ')} of ${place} changed since this was asked.`;
  }
  return null;
}
