import {
  PrometheusMetrics,
  approvals,
  assistant,
  chat,
  conversation,
  createApp,
  formatConfigError,
} from '@dogwatch/core';
import { httpServer, kubernetesChat, logTail, notifier, people, processEnvironment, replica } from '@dogwatch/core';
import { retention, routing, runQueue, terminalChannel } from '@dogwatch/core';
import type { Plugin } from '@dogwatch/core';
import { aiops } from '@dogwatch/aiops';
import { webConsole } from '@dogwatch/channel-web';
import { electsByLease, kubernetes, kubernetesElection } from '@dogwatch/kubernetes';
import { sqliteStore } from '@dogwatch/store-sqlite';
import { announceReady } from './announce-ready.js';
import { demoCluster } from './demo-cluster.js';
import { openLog } from './open-log.js';
import { readSettings } from './read-settings.js';
import type { Settings } from './read-settings.js';
import { runUntilSignal } from './run-until-signal.js';
import { localTerminal } from './local-terminal.js';

/** All that this Dogwatch is made of: one line a plugin. Take a line away, and it does without; add yours, and it can more. */
function plugins(settings: Settings): readonly Plugin[] {
  const terminal = localTerminal();
  const demo = demoCluster(settings);
  const clusters = demo === null ? settings.kubernetes : demo.connectTo(settings.kubernetes);
  return [
    // Everything durable in one file; or, with DATABASE_URL, in PostgreSQL, which several replicas can share.
    settings.isReplica ? replica(settings.replica) : sqliteStore(settings.store),
    logTail(), // tells the other parts what is new in it
    retention(settings.retention), // archives what ended long ago
    httpServer(settings.http), // the API, /health, /ready, /metrics
    notifier(), // shows live messages in the rooms of all channels
    routing(settings.routing), // which of them go to which room
    people(settings.users), // who is who across the channels
    approvals(settings.approvals), // asks, acts once, verifies, takes back
    ...(settings.sharesJobs ? [runQueue()] : []), // one worker of all replicas is told by Redis what to go on with
    chat(), // answers what people write
    // Remembers the chat, and lets a language model talk, when one is named: it looks and asks, never acts.
    conversation(settings.conversation),
    ...(settings.hasLanguageModel ? [assistant()] : []),
    webConsole(settings.console), // the page in the browser, and the chat on it
    ...(terminal === null ? [] : [terminalChannel(terminal)]), // the chat on this terminal
    ...(demo === null ? [] : [demo.plugin]), // a simulated cluster, as long as no real one is named
    kubernetes(clusters), // watches, and has the tools
    // Replicas in pods elect by Leases who watches a cluster.
    ...(settings.isReplica && electsByLease(clusters) ? [kubernetesElection(clusters)] : []),
    ...settings.optionalPlugins, // what only some settings ask for: see optional-parts.ts
    kubernetesChat(), // questions about clusters, and wishes to change them, in plain words
    aiops(settings.aiops), // detectors, incidents, rules, playbooks, the Alertmanager webhook
  ];
}

async function main(): Promise<number> {
  const settings = await readSettings(processEnvironment());
  const logger = openLog(settings);
  const drainMs = settings.http.drainSeconds * 1_000;
  const app = createApp({ plugins: plugins(settings), core: { logger, metrics: new PrometheusMetrics() }, drainMs });
  return runUntilSignal(app, { logger, onReady: () => announceReady(app, logger) });
}

main().then(
  (exitCode) => process.exit(exitCode),
  (error: unknown) => {
    process.stderr.write(`${formatConfigError(error)}\n`);
    process.exit(1);
  },
);
