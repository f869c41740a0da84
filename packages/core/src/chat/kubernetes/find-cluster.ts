import type { ClusterRegistry, ClusterView } from '../../ports/cluster-registry.js';

/**
 * The watched clusters that a name can mean, however people type it: words of a message have lost their capitals, and
 * the names in a kubeconfig have some (`Homelab`, `gke_proj_europe-west1_Main`). Several only where names differ in nothing but those.
 */
export function findClusters(registry: ClusterRegistry, name: string): readonly ClusterView[] {
  const exact = registry.get(name);
  const lower = name.toLowerCase();
  // What has a capital was not typed, it comes from the registry.
  if (exact !== null && name !== lower) return [exact];
  return registry.list().filter((view) => view.name.toLowerCase() === lower);
}
