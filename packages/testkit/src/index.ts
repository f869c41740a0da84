export { MemoryClusterRegistry } from './cluster-view/memory-cluster-registry.js';
export { MemoryClusterView } from './cluster-view/memory-cluster-view.js';
export type { MemoryClusterViewOptions } from './cluster-view/memory-cluster-view.js';
export {
  aCondition,
  aContainer,
  aDeployment,
  anEvent,
  aNode,
  aPod,
  aReplicaSet,
  BUILDERS_EPOCH,
  controlledBy,
  involvedBy,
} from './cluster-view/object-builders.js';
