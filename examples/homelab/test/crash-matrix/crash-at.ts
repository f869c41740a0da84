// Loaded with --import before the app: counts its durable writes and its writes to the API server, and kills the process with
// SIGKILL right before or right after one of them. DOGWATCH_TEST_CRASH is `<append|patch>:<number>:<before|after>`; without it
// the writes are only counted. DOGWATCH_TEST_WRITES names the file in which each write leaves a line.
import { appendFileSync } from 'node:fs';
import type { AppendBatch, IncidentLog } from '@dogwatch/core';
import { ClusterClient } from '@dogwatch/kubernetes';
import type { ClusterRequest } from '@dogwatch/kubernetes';

type WriteKind = 'append' | 'patch';

const [crashKind, crashNumber, crashMoment] = (process.env['DOGWATCH_TEST_CRASH'] ?? '').split(':');
const recordFile = process.env['DOGWATCH_TEST_WRITES'] ?? '';
const counts: Record<WriteKind, number> = { append: 0, patch: 0 };

async function watched<T>(kind: WriteKind, what: string, write: () => Promise<T>): Promise<T> {
  const number = ++counts[kind];
  const dieIf = (moment: string): void => {
    if (kind === crashKind && number === Number(crashNumber) && moment === crashMoment) {
      process.kill(process.pid, 'SIGKILL');
    }
  };
  appendFileSync(recordFile, `${kind} ${what}\n`);
  dieIf('before');
  const result = await write();
  dieIf('after');
  return result;
}

// Only the store that this process uses: the client of another one would cost every start of a process its time.
async function storeOfThisProcess(): Promise<{ readonly prototype: Pick<IncidentLog, 'append'> }> {
  const isShared = process.env['DATABASE_URL'] !== undefined;
  if (isShared) return (await import('@dogwatch/store-postgres')).PostgresIncidentLog;
  return (await import('@dogwatch/store-sqlite')).SqliteIncidentLog;
}

// The methods are called with their own `this` below.

const { prototype } = await storeOfThisProcess();
const { append } = prototype;
prototype.append = function (this: IncidentLog, batch: AppendBatch) {
  const types = batch.appends.flatMap((one) => one.events.map((event) => event.type));
  return watched('append', types.join('+'), () => append.call(this, batch));
};

const { json } = ClusterClient.prototype;
ClusterClient.prototype.json = function <T>(this: ClusterClient, request: ClusterRequest, signal?: AbortSignal) {
  const send = (): Promise<T> => json.call(this, request, signal) as Promise<T>;
  const isWrite = request.method === 'PATCH' && request.query?.['dryRun'] === undefined;
  return isWrite ? watched('patch', request.path, send) : send();
};
