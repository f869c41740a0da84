import { clusterViewContract, runContract } from '@dogwatch/testkit';
import { WatchedWorld } from '../watched-world.js';

runContract(clusterViewContract, 'WatchedClusterView', {
  harness: { create: () => WatchedWorld.create(), destroy: (world) => (world as WatchedWorld).destroy() },
});
