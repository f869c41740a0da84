import { fork } from 'node:child_process';
import path from 'node:path';
import { PodServer } from './heap-per-pod/pod-server.js';
import { reportMeasurement } from './report-measurement.js';

/** Heap bytes per pod. */
interface HeapPerPod {
  readonly list: number;
  readonly update: number;
}

const podCount = 2000;
const aim = { atMost: 1 / 5 };

function measure(how: 'dogwatch' | 'informer', url: string): Promise<HeapPerPod> {
  return new Promise((resolve, reject) => {
    const file = path.join(import.meta.dirname, 'heap-per-pod', 'watch-pods.js');
    const child = fork(file, [how, url, String(podCount)], { execArgv: ['--expose-gc'] });
    child.on('message', (message) => resolve(message as HeapPerPod));
    child.on('exit', (code) => reject(new Error(`The process that watches with ${how} ended with ${code}.`)));
  });
}

const server = await PodServer.start(podCount);
try {
  const dogwatch = await measure('dogwatch', server.url);
  const informer = await measure('informer', server.url);
  const unit = 'bytes';
  const round = Math.round;
  reportMeasurement({
    name: 'heap per watched pod, after the list',
    unit,
    measured: round(dogwatch.list),
    baseline: round(informer.list),
    aim,
  });
  reportMeasurement({
    name: 'heap per watched pod, after an update of each',
    unit,
    measured: round(dogwatch.update),
    baseline: round(informer.update),
    aim,
  });
} finally {
  await server.stop();
}
