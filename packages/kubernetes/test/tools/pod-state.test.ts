import assert from 'node:assert/strict';
import { podState, podStatus } from '@dogwatch/kubernetes';
import type { RawPod } from '@dogwatch/kubernetes';

type Status = NonNullable<RawPod['status']>;
type Containers = NonNullable<Status['containerStatuses']>;

const metadata = { name: 'web', uid: 'u', resourceVersion: '1' };
const running: Containers[number] = { ready: true, restartCount: 0, state: {} };
const waiting = (reason: string): Containers[number] => ({
  ready: false,
  restartCount: 0,
  state: { waiting: { reason } },
});
const ended = (reason: string): Containers[number] => ({
  ready: false,
  restartCount: 0,
  state: { terminated: { reason } },
});

describe('the state of a pod', () => {
  const cases: readonly (readonly [string, Status, string, string])[] = [
    ['runs', { phase: 'Running', containerStatuses: [running] }, 'running', 'Running'],
    ['is not ready', { phase: 'Running', containerStatuses: [{ ...running, ready: false }] }, 'not_ready', 'Running'],
    [
      'crashes',
      { phase: 'Running', containerStatuses: [running, waiting('CrashLoopBackOff')] },
      'failing',
      'CrashLoopBackOff',
    ],
    ['was killed', { phase: 'Running', containerStatuses: [ended('OOMKilled')] }, 'failing', 'OOMKilled'],
    ['cannot pull', { phase: 'Pending', containerStatuses: [waiting('ErrImagePull')] }, 'failing', 'ErrImagePull'],
    ['starts', { phase: 'Pending', containerStatuses: [waiting('ContainerCreating')] }, 'pending', 'ContainerCreating'],
    ['is not scheduled', { phase: 'Pending' }, 'pending', 'Pending'],
    [
      'fails to initialise',
      {
        phase: 'Pending',
        initContainerStatuses: [waiting('CrashLoopBackOff')],
        containerStatuses: [waiting('PodInitializing')],
      },
      'failing',
      'Init:CrashLoopBackOff',
    ],
    ['is done', { phase: 'Succeeded', containerStatuses: [ended('Completed')] }, 'finished', 'Succeeded'],
    ['failed', { phase: 'Failed', reason: 'Evicted' }, 'failing', 'Evicted'],
    ['is lost', { phase: 'Unknown' }, 'failing', 'Unknown'],
  ];
  for (const [name, status, state, word] of cases) {
    it(`is '${state}' (${word}) when it ${name}`, () => {
      assert.equal(podState({ metadata, status }), state);
      assert.equal(podStatus({ metadata, status }), word);
    });
  }

  it('says that a pod is being ended, whatever else it is', () => {
    const pod = { metadata: { ...metadata, deletionTimestamp: 'now' }, status: { phase: 'Running' } };
    assert.equal(podStatus(pod), 'Terminating');
  });
});
