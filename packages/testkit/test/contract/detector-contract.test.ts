import type { Detector, Finding, PodObject } from '@dogwatch/core';
import {
  aContainer,
  aPod,
  BUILDERS_EPOCH,
  detectorContract,
  proveCasesCanFail,
  runContract,
  type BrokenImplementation,
  type DetectorSubject,
} from '@dogwatch/testkit';

const waiting = (restartCount: number) =>
  aPod({ containers: [aContainer({ restartCount, waiting: { reason: 'Stuck', message: 'it is stuck' } })] });

function findStuck(pod: PodObject): Finding | null {
  const container = pod.containers.find((one) => one.waiting?.reason === 'Stuck');
  if (!container) return null;
  return {
    message: `Container '${container.name}' is stuck. ${(container.waiting?.message ?? '').slice(0, 100).replaceAll('\n', ' ')}`,
    occurrence: `${pod.uid}/${container.name}/${container.restartCount}`,
    occurredAt: pod.createdAt,
    facts: { container: container.name },
  };
}

const sound: Detector = {
  eventType: 'stuck_container',
  kind: 'Pod',
  alsoReads: [],
  rank: null,
  title: 'has a stuck container',
  severity: 'warning',
  forMs: 0,
  clearMs: 1000,
  detect: (object) => (object.kind === 'Pod' ? findStuck(object) : null),
  isWell: (object) => object.kind === 'Pod' && findStuck(object) === null,
};

function subject(changes: Partial<Detector> = {}, samples: Partial<DetectorSubject> = {}): DetectorSubject {
  return {
    detector: { ...sound, ...changes },
    sick: [{ name: 'is stuck', object: waiting(0) }],
    healthy: [{ name: 'runs', object: aPod() }],
    well: [{ name: 'runs', object: aPod() }],
    ...samples,
  };
}

function wrong(
  name: string,
  detector: Partial<Detector>,
  fails: readonly string[],
): BrokenImplementation<DetectorSubject> {
  return { name, harness: { create: () => subject(detector) }, fails };
}

/** The sound detector with another finding. */
function finding(change: (found: Finding, pod: PodObject, now: number) => Partial<Finding>): Partial<Detector> {
  return {
    detect: (object, { now }) => {
      const found = object.kind === 'Pod' ? findStuck(object) : null;
      return found && { ...found, ...change(found, object as PodObject, now) };
    },
  };
}

runContract(detectorContract, 'a small detector', { harness: { create: () => subject() } });

const sane = 'declares a name, a title, a severity, a rank and times that make sense';
const bounded = 'explains in one bounded line, however much the cluster says';
const keeps = 'keeps the occurrence through updates that change nothing, and as time passes';
const pure = 'says the same whenever it is asked the same, and asks no clock of the world';
const odd = 'throws on no object, however odd';
let calls = 0;

proveCasesCanFail(detectorContract, [
  wrong('has a name with blanks', { eventType: 'Stuck container' }, [sane]),
  wrong('has no title', { title: '' }, [sane]),
  wrong('waits for ever', { forMs: Number.POSITIVE_INFINITY }, [sane]),
  wrong('clears before it raises', { clearMs: -1 }, [sane]),
  wrong('ranks before the first', { rank: 0 }, [sane]),
  wrong('reads its own kind twice', { alsoReads: ['Pod'] }, [sane]),
  {
    name: 'comes without samples',
    harness: { create: () => subject({}, { sick: [] }) },
    fails: ['has samples that are sick, healthy and well'],
  },
  wrong('finds nothing', { detect: () => null }, ['finds the problem of every sick object']),
  wrong('calls all well', { isWell: () => true }, [
    'calls no sick object well',
    'says nothing about objects of another kind',
  ]),
  wrong('calls nothing well', { isWell: () => false }, ['calls an object well that has recovered']),
  wrong('finds trouble everywhere', { detect: () => findStuck(waiting(0)) }, [
    'finds nothing in a healthy cluster',
    'says nothing about objects of another kind',
    'tells occurrences of two objects apart',
  ]),
  wrong(
    'says nothing',
    finding(() => ({ message: ' ' })),
    [bounded],
  ),
  wrong(
    'repeats all that the cluster says',
    finding((_, pod) => ({ message: `Stuck: ${pod.containers[0]?.waiting?.message}` })),
    [bounded],
  ),
  wrong(
    'writes several lines',
    finding((found) => ({ message: `${found.message}\nand more` })),
    [bounded],
  ),
  wrong(
    'names no occurrence',
    finding(() => ({ occurrence: '' })),
    ['names the occurrence and a time that is not to come'],
  ),
  wrong(
    'sees the future',
    finding((_, __, now) => ({ occurredAt: now + 1 })),
    ['names the occurrence and a time that is not to come'],
  ),
  wrong(
    'gives all pods one occurrence',
    finding(() => ({ occurrence: 'stuck' })),
    ['tells occurrences of two objects apart'],
  ),
  wrong(
    'takes each update for an occurrence',
    finding((_, pod) => ({ occurrence: `${pod.uid}/${pod.resourceVersion}` })),
    [keeps],
  ),
  wrong(
    'takes each moment for an occurrence',
    finding((_, pod, now) => ({ occurrence: `${pod.uid}/${now}` })),
    [keeps],
  ),
  wrong(
    'gives facts that JSON forgets',
    finding(() => ({ facts: { node: undefined } as never })),
    ['gives facts that survive JSON'],
  ),
  wrong(
    'looks at the clock of the world',
    finding(() => ({ occurredAt: Math.min(Date.now(), BUILDERS_EPOCH) })),
    [pure],
  ),
  wrong('tosses a coin', { isWell: (object) => Math.random() < 0 || sound.isWell(object, {} as never) }, [pure]),
  wrong(
    'says something else each time',
    finding((found) => ({ message: `${found.message} (${(calls += 1)})` })),
    [pure],
  ),
  wrong(
    'notes something in the object',
    {
      detect: (object) => {
        if (!Object.isFrozen(object)) (object as { resourceVersion: string }).resourceVersion = 'seen';
        return sound.detect(object, {} as never);
      },
    },
    ['leaves what it looks at as it was'],
  ),
  wrong(
    'expects a container in each pod',
    { isWell: (object) => object.kind === 'Pod' && (object.containers[0] as { ready: boolean }).ready },
    [odd],
  ),
]);
