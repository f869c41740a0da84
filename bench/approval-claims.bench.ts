// Decisions about approvals on Redis, each wanted in two replicas at once and taken by exactly one, against redis-benchmark
// running a like script on the same server. Both take turns, so that a busy machine slows both.
import { execFileSync } from 'node:child_process';
import { createLogger, Secret } from '@dogwatch/core';
import { IoredisConnections, RedisApprovalStore } from '@dogwatch/store-redis';
import { RedisServer } from '@dogwatch/testkit';
import { reportMeasurement } from './report-measurement.js';

const rounds = 10;
const decisionsPerRound = 2_000;
const atOnce = 50;
const claimMs = '3000';
const likeScript = `local holder = redis.call('GET', KEYS[1])
  if holder and holder ~= ARGV[1] then return 0 end
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  return 1`;

const server = await RedisServer.start('redis-server', { settings: { appendonly: 'yes', appendfsync: 'everysec' } });
const logger = createLogger({ level: 'error', sink: process.stderr });
const config = {
  url: new Secret(server.url),
  keyPrefix: 'bench',
  tlsCaFile: null,
  leases: false,
  connectTimeoutMs: 5_000,
  commandTimeoutMs: 5_000,
  jobLockMs: 30_000,
};

async function connectReplica(): Promise<{
  readonly connections: IoredisConnections;
  readonly store: RedisApprovalStore;
}> {
  const connections = new IoredisConnections(config, logger);
  await connections.start();
  return { connections, store: new RedisApprovalStore(connections) };
}

const first = await connectReplica();
const second = await connectReplica();
let decided = 0;

// As a decision does it: whoever gets the claim writes to the log, which is left out here, and then forgets copy and claim.
async function decide(approvalId: string): Promise<void> {
  const claims = [first, second].map(({ store }, replica) =>
    store.claim({ approvalId, holder: `${approvalId}/${replica}`, ttlMs: Number(claimMs) }),
  );
  const winners = (await Promise.all(claims)).filter((hasClaim) => hasClaim).length;
  if (winners !== 1) throw new Error(`Approval ${approvalId} was decided ${winners} times.`);
  await first.store.remove(approvalId);
  decided += 1;
}

async function decideInTurn(prefix: string, count: number): Promise<void> {
  for (let number = 0; number < count; number++) await decide(`${prefix}n${number}`);
}

const sha = (await server.command('SCRIPT', 'LOAD', likeScript)).split('\r\n')[1] ?? '';

function runRedisBenchmark(clients: number): number {
  const flags = ['-p', server.port, '-c', clients, '-n', decisionsPerRound * 10, '-r', 1_000_000_000, '--csv'];
  const script = ['EVALSHA', sha, 1, 'bench:approval:{__rand_int__}:claim', 'somebody', claimMs];
  const output = execFileSync('redis-benchmark', [...flags, ...script].map(String), { encoding: 'utf8' });
  const perSecond = Number(
    /"([\d.]+)"/.exec(
      output
        .trim()
        .split('\n')
        .at(-1)
        ?.replace(/^"[^"]*",/, '') ?? '',
    )?.[1],
  );
  if (!(perSecond > 0)) throw new Error(`redis-benchmark answered: ${output}`);
  return perSecond;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const spentMs = { inTurn: 0, together: 0 };
const baselines = { one: [] as number[], many: [] as number[] };
for (let round = 0; round < rounds; round++) {
  baselines.one.push(runRedisBenchmark(1));
  spentMs.inTurn += await timed(() => decideInTurn(`r${round}s`, decisionsPerRound));
  baselines.many.push(runRedisBenchmark(atOnce));
  spentMs.together += await timed(() =>
    Promise.all(
      Array.from({ length: atOnce }, (_, person) => decideInTurn(`r${round}p${person}`, decisionsPerRound / atOnce)),
    ),
  );
}
if (decided !== 2 * rounds * decisionsPerRound) throw new Error(`Only ${decided} decisions were taken.`);

// The mean of rates over equal counts.
const meanRate = (rates: readonly number[]): number =>
  rates.length / rates.reduce((sum, perSecond) => sum + 1 / perSecond, 0);
const perSecond = (ms: number): number => (rounds * decisionsPerRound * 1_000) / ms;

reportMeasurement({
  name: 'one decision after the other, claimed twice each, exactly one wins',
  unit: 'decisions/s',
  measured: perSecond(spentMs.inTurn),
  baseline: meanRate(baselines.one),
  aim: { atLeast: 0.15 },
});
reportMeasurement({
  name: `${atOnce} decisions at once, claimed twice each, exactly one wins`,
  unit: 'decisions/s',
  measured: perSecond(spentMs.together),
  baseline: meanRate(baselines.many),
  aim: { atLeast: 0.25 },
});

first.connections.stop();
second.connections.stop();
await server.close();
