import type { ClusterRegistry, ClusterView } from '@dogwatch/core';

/** A `ClusterRegistry` over views that a test made. */
export class MemoryClusterRegistry implements ClusterRegistry {
  private readonly views: readonly ClusterView[];

  constructor(...views: readonly ClusterView[]) {
    this.views = views;
  }

  list(): readonly ClusterView[] {
    return this.views;
  }

  get(name: string): ClusterView | null {
    return this.views.find((view) => view.name === name) ?? null;
  }
}
