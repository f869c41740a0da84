import type { ClusterObjectKind, ClusterRegistry } from '@dogwatch/core';

/** Calls `listener` on every change of an object of these kinds in any cluster; the answer ends that. */
export function followClusters(
  clusters: ClusterRegistry,
  kinds: readonly ClusterObjectKind[],
  listener: () => void,
): () => void {
  const stops = clusters.list().map((view) =>
    view.onChange((change) => {
      const kind =
        change.type === 'watch-state'
          ? change.state.kind
          : change.type === 'deleted'
            ? change.before.kind
            : change.after.kind;
      if (kinds.includes(kind)) listener();
    }),
  );
  return () => {
    for (const stop of stops) stop();
  };
}
