/** The names that live on the watched clusters, as far as sentences are understood by them. */
export interface KnownNames {
  hasNamespace(name: string): boolean;
  /** The cluster that a word means, letter case aside, as it is really called; `null` for none. */
  findCluster(word: string): string | null;
  hasNode(name: string): boolean;
  /** Deployments, other controllers of pods, and pods. */
  hasWorkload(name: string): boolean;
  /** What was probably meant by a name that is none; `null` when nothing is near. */
  nearestNamespace(name: string): string | null;
  nearestNode(name: string): string | null;
  nearestWorkload(name: string): string | null;
}
