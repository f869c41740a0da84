// Messages understood per second, over sentences of both kinds that pass through every keyword intent, against JSON.parse
// of the same messages. Both take turns, so that a busy machine slows both.
import { CommandIntent, KubernetesChat, KubernetesIntent, MemoryIncidentLog, parseApprovalWords } from '@dogwatch/core';
import { SecurityScanIntent, SuggestionIntent } from '@dogwatch/core';
import type { IntentContext, Runs } from '@dogwatch/core';
import { aDeployment, ManualClock, MemoryClusterRegistry, MemoryClusterView } from '@dogwatch/testkit';
import { reportMeasurement } from './report-measurement.js';

const rounds = 30;
const sentences = [
  'show error pods in production',
  'which pods are pending',
  'what is broken in prod-eu?',
  'list the last twenty events in staging',
  'please scale deployment web to 5 replicas in shop',
  'restart api',
  'approve 7f3ka2',
  '/k8s logs api-0 prod',
  'What did the support team say?',
  'Please drain the pasta',
  'Restart the conversation',
  'I had an error in my tax form',
  'Please do not approve 7f3ka, we are in a freeze!',
  'which services do you offer?',
  'shwo pods in production',
  'how is the weather going to be on the weekend in the mountains',
];
const view = new MemoryClusterView('homelab');
for (let index = 0; index < 1_000; index++) {
  view.put(aDeployment({ namespace: `team-${index % 40}`, name: `service-${index}` }));
}
view.put(aDeployment({ namespace: 'shop', name: 'web' }), aDeployment({ namespace: 'production', name: 'api' }));
const chat = new KubernetesChat(
  new MemoryClusterRegistry(view),
  {} as unknown as Runs,
  new MemoryIncidentLog(),
  new ManualClock(),
  [],
);
const context = { topic: null } as unknown as IntentContext;
const command = new CommandIntent([]);
const kubernetes = new KubernetesIntent(chat);
const scan = new SecurityScanIntent([]);
const suggestion = new SuggestionIntent(chat);
const bodies = sentences.map((text) => JSON.stringify({ userId: 'anna', channelType: 'web', text }));

function understand(text: string): unknown {
  return (
    parseApprovalWords(text) ??
    command.match(text) ??
    kubernetes.match(text, context) ??
    scan.match(text) ??
    suggestion.match(text)
  );
}

let spentMs = 0;
let baselineMs = 0;
let understood = 0;
for (let round = 0; round < rounds; round++) {
  let begin = performance.now();
  for (let turn = 0; turn < 50; turn++) for (const text of sentences) if (understand(text) !== null) understood++;
  if (round >= 3) spentMs += performance.now() - begin;
  begin = performance.now();
  for (let turn = 0; turn < 50; turn++) for (const body of bodies) understood += JSON.parse(body) === null ? 1 : 0;
  if (round >= 3) baselineMs += performance.now() - begin;
}
if (understood === 0) throw new Error('No sentence was understood.');
const messages = (rounds - 3) * 50 * sentences.length;
reportMeasurement({
  name: 'messages understood, 1,000 Deployments (baseline: JSON.parse of the message)',
  unit: 'messages/s',
  measured: Math.round((messages / spentMs) * 1_000),
  baseline: Math.round((messages / baselineMs) * 1_000),
});
reportMeasurement({
  name: 'one message understood, mean',
  unit: 'ms',
  measured: Number((spentMs / messages).toFixed(4)),
  aim: { atMost: 1 },
});
