import { eventSourceContract, runContract, type EventSourceSubject } from '@dogwatch/testkit';
import { aDeployment } from '@dogwatch/testkit';
import { restartedContainer, WatchLoopRig, Workload } from './watch-loop-rig.js';

/** A watch loop over Deployments that crash when the contract says so. */
function createSubject(): EventSourceSubject {
  const rig = new WatchLoopRig();
  const { sink, clock } = rig;
  const workloads = new Map<string, { readonly workload: Workload; restarts: number; touches: number }>();
  const get = (name: string) => {
    let known = workloads.get(name);
    if (!known) {
      known = { workload: new Workload(rig, aDeployment({ name })), restarts: 1, touches: 0 };
      workloads.set(name, known);
    }
    return known;
  };
  const crash = (name: string): void => {
    const known = get(name);
    known.restarts += 1;
    known.workload.crashing(`${name}-7d4b-a`, known.restarts);
  };
  return {
    source: rig.loop,
    restarted: () => new WatchLoopRig({ view: rig.view, clock, sink }).loop,
    sink,
    clock,
    settleMs: 120_000,
    world: {
      trouble: crash,
      again: crash,
      touch: (name) => {
        const known = get(name);
        known.touches += 1;
        const pod = rig.view.get('Pod', 'default', `${name}-7d4b-a`);
        if (pod) rig.view.put({ ...pod, labels: { touches: String(known.touches) } });
      },
      end: (name) => {
        const known = get(name);
        known.workload.ready(`${name}-7d4b-a`, restartedContainer(known.restarts + 1, clock.now()));
      },
    },
  };
}

runContract(eventSourceContract, 'WatchLoop', {
  harness: { create: createSubject, destroy: ({ source }) => source.stop() },
});
