// Signed events at the Slack webhook, up to the point where a message would be stored, against a bare Koa route that reads the
// same bodies and says 200. Both servers take turns on the same requests, in this one process with their client.
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import {
  ChannelAdapter,
  HttpEndpoint,
  PrometheusMetrics,
  Secret,
  createApp,
  createLogger,
  definePlugin,
  definePort,
  httpServer,
  injectEach,
  injectable,
  memoryStore,
} from '@dogwatch/core';
import { slackChannel } from '@dogwatch/channel-slack';
import { FakeSlack, signSlackRequest } from '@dogwatch/testkit';
import { reportMeasurement } from './report-measurement.js';

const rounds = 6;
const requestsPerRound = 1_500;
const connections = 32;

interface Channels {
  readonly all: readonly ChannelAdapter[];
}
const Channels = definePort<Channels>('bench.Channels');

@injectable()
class InjectedChannels implements Channels {
  constructor(@injectEach(ChannelAdapter) readonly all: readonly ChannelAdapter[]) {}
}

const slack = await FakeSlack.start();
const people = Array.from({ length: 50 }, (_, index) => `U0BENCH${String(index).padStart(3, '0')}`);
const directs = people.map((person) => slack.workspace.directChannel(person).id);

const finder = definePlugin({ id: 'finder', register: ({ bind }) => void bind(Channels).toClass(InjectedChannels) });
const http = {
  host: '127.0.0.1',
  port: 0,
  token: new Secret('correct-horse'),
  dataFolder: '/nonexistent',
  rateLimitPerMinute: 1,
  webhookRateLimitPerMinute: 10_000_000,
  trustedProxies: 0,
  drainSeconds: 0,
};
const settings = {
  botToken: new Secret(slack.botToken),
  mode: { kind: 'http' as const, signingSecret: new Secret(slack.signingSecret) },
  rooms: [],
  answerIn: [],
  apiUrl: slack.apiUrl,
};
const logger = createLogger({ level: 'warn', sink: process.stderr });
const app = createApp({
  plugins: [memoryStore(), httpServer(http), slackChannel(settings), finder()],
  core: { logger, metrics: new PrometheusMetrics() },
});
await app.start();
let taken = 0;
await app.get(Channels).all[0]?.start(() => {
  taken += 1;
  return Promise.resolve();
});
const dogwatchUrl = `${app.get(HttpEndpoint).url}/api/webhook/slack`;

const koa = new Koa();
koa.use(async (context) => {
  const chunks: Buffer[] = [];
  for await (const chunk of context.req) chunks.push(chunk as Buffer);
  JSON.parse(Buffer.concat(chunks).toString());
  context.status = 200;
  context.body = '';
});
const handleBare = koa.callback();
const bare = createServer((incoming, outgoing) => void handleBare(incoming, outgoing));
await new Promise<void>((resolve) => void bare.listen(0, '127.0.0.1', resolve));
const bareUrl = `http://127.0.0.1:${(bare.address() as AddressInfo).port}/`;

interface Signed {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

let made = 0;

function signedRequests(count: number): readonly Signed[] {
  return Array.from({ length: count }, () => {
    made += 1;
    const person = made % people.length;
    const ts = `1700000000.${String(made).padStart(6, '0')}`;
    const event = {
      type: 'message',
      channel: directs[person],
      channel_type: 'im',
      user: people[person],
      text: '/status',
      ts,
    };
    const body = JSON.stringify(slack.eventPayload(event).body);
    const timestamp = Math.floor(Date.now() / 1_000);
    const signature = signSlackRequest({ secret: slack.signingSecret, timestamp, body });
    return { body, headers: { 'content-type': 'application/json', ...signature } };
  });
}

const agent = new Agent({ keepAlive: true, maxSockets: connections });

function post(url: string, { body, headers }: Signed): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: 'POST',
      agent,
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    });
    sent.once('error', reject);
    sent.once('response', (response) => {
      response.resume();
      response.once('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`${url} answered ${response.statusCode}.`));
      });
    });
    sent.end(body);
  });
}

async function postAll(url: string, requests: readonly Signed[]): Promise<number> {
  const queue = requests.values();
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (const one of queue) await post(url, one);
    }),
  );
  return performance.now() - startedAt;
}

for (const url of [dogwatchUrl, bareUrl]) await postAll(url, signedRequests(requestsPerRound));
const spentMs = { bare: 0, dogwatch: 0 };
for (let round = 0; round < rounds; round++) {
  const requests = signedRequests(requestsPerRound);
  spentMs.bare += await postAll(bareUrl, requests);
  spentMs.dogwatch += await postAll(dogwatchUrl, requests);
}
if (taken !== (rounds + 1) * requestsPerRound)
  throw new Error(`${taken} messages arrived of ${(rounds + 1) * requestsPerRound}.`);

const perSecond = (ms: number): number => (rounds * requestsPerRound * 1_000) / ms;
reportMeasurement({
  name: 'signed events taken in',
  unit: 'requests/s',
  measured: perSecond(spentMs.dogwatch),
  baseline: perSecond(spentMs.bare),
  aim: { atLeast: 0.5 },
});

agent.destroy();
await app.stop();
await slack.close();
await new Promise((resolve) => void bare.close(resolve));
