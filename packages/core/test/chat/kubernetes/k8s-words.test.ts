import assert from 'node:assert/strict';
import { KubernetesChat, MemoryIncidentLog, parseK8sWords } from '@dogwatch/core';
import type { Runs } from '@dogwatch/core';
import { aDeployment, ManualClock, MemoryClusterRegistry } from '@dogwatch/testkit';
import { chatWorld } from './chat-world.js';
import { describeAsk } from './describe-ask.js';

const world = chatWorld();
for (const name of ['web.v2', 'job']) world.put(aDeployment({ namespace: 'shop', name }));
const registry = new MemoryClusterRegistry(world);
const chat = new KubernetesChat(registry, {} as Runs, new MemoryIncidentLog(), new ManualClock(), []);

function read(line: string): string | null {
  const reading = parseK8sWords(line.split(' '), chat.names);
  if (reading === null) return null;
  return reading.kind === 'ask' ? describeAsk(reading.ask) : `refused: ${reading.message}`;
}

const understood: readonly (readonly [line: string, meaning: string])[] = [
  ['pods', 'pods'],
  ['pods prod failing', 'pods failing ns=prod'],
  ['pods -A', 'pods everywhere'],
  ['pods --all-namespaces', 'pods everywhere'],
  ['pods in staging', 'pods ns=staging'],
  ['pods nowhere', 'pods ns=nowhere'],
  ['pods web', 'describe Pod/web'],
  ['get pods', 'pods'],
  ['get pods -n prod', 'pods ns=prod'],
  ['get po -nprod', 'pods ns=prod'],
  ['-n prod get pods', 'pods ns=prod'],
  ['kubectl get pods -n prod', 'pods ns=prod'],
  ['get pod web-1 -n prod', 'describe Pod/web-1 ns=prod'],
  ['get pods web-1', 'describe Pod/web-1'],
  ['get pods shop', 'pods ns=shop'],
  ['get deploy', 'deployments'],
  ['get deployments.apps -A', 'deployments everywhere'],
  ['get deploy web -n shop', 'describe Deployment/web ns=shop'],
  ['get deployment.apps/web', 'describe Deployment/web'],
  ['get node node-1', 'describe Node/node-1'],
  ['get ns shop', 'describe Namespace/shop'],
  ['get sts db -n shop', 'describe StatefulSet/db ns=shop'],
  ['get contexts', 'contexts'],
  ['config get-contexts', 'contexts'],
  ['get events -n shop --for deploy/web', 'events of Deployment/web ns=shop'],
  ['events -n shop', 'events ns=shop'],
  ['events web', 'events of web'],
  ['events shop 20', 'events 20 ns=shop'],
  ['describe pod web', 'describe Pod/web'],
  ['describe deploy/web', 'describe Deployment/web'],
  ['describe deployment web shop', 'describe Deployment/web ns=shop'],
  ['describe web shop', 'describe web ns=shop'],
  ['logs api-0 prod 50', 'logs api-0 50 ns=prod'],
  ['logs web -f', 'logs web'],
  ['logs -f web', 'logs web'],
  ['logs deploy/web --tail=50', 'logs Deployment/web 50'],
  ['logs deployment web --tail 50 -n shop', 'logs Deployment/web 50 ns=shop'],
  ['logs web —tail=50', 'logs web 50'],
  ['logs Web -p', 'logs web previous'],
  ['logs web previous', 'logs web previous'],
  ['logs web.v2', 'logs web.v2'],
  ['logs job shop', 'logs job ns=shop'],
  ['top', 'top pods cpu'],
  ['top pods -n shop', 'top pods cpu ns=shop'],
  ['top pod --sort-by=memory', 'top pods memory'],
  ['top nodes memory', 'top nodes memory'],
  ['rollout web', 'rollout-status web'],
  ['rollout status web', 'rollout-status web'],
  ['rollout status deployment/web -n shop', 'rollout-status Deployment/web ns=shop'],
  ['rollout history deploy web', 'rollout-history Deployment/web'],
  ['history web shop', 'rollout-history web ns=shop'],
  ['scale web 3', 'k8s_scale_deployment web replicas=3'],
  ['scale web 3 shop', 'k8s_scale_deployment web replicas=3 ns=shop'],
  ['scale web to 3 in shop', 'k8s_scale_deployment web replicas=3 ns=shop'],
  ['scale deployment web 3', 'k8s_scale_deployment Deployment/web replicas=3'],
  ['scale deploy/web --replicas=3 -n shop', 'k8s_scale_deployment Deployment/web replicas=3 ns=shop'],
  ['scale --replicas 3 deployment web', 'k8s_scale_deployment Deployment/web replicas=3'],
  ['restart web shop', 'k8s_restart_deployment web ns=shop'],
  ['restart deployment web', 'k8s_restart_deployment Deployment/web'],
  ['restart pod web-1', 'k8s_restart_pod Pod/web-1'],
  ['restart shop/web', 'k8s_restart_deployment web path=shop'],
  ['rollout restart deployment web -n shop', 'k8s_restart_deployment Deployment/web ns=shop'],
  ['rollout undo deploy/web --to-revision=2', 'k8s_rollback_deployment Deployment/web revision=2'],
  ['rollback web to 2', 'k8s_rollback_deployment web revision=2'],
  ['rollback web shop', 'k8s_rollback_deployment web ns=shop'],
  ['drain node node-1', 'k8s_drain_node Node/node-1'],
  ['cordon node/node-1', 'k8s_cordon_node Node/node-1'],
  ['pods --context HOMELAB', 'pods cluster=homelab'],
];

const refused: readonly (readonly [line: string, message: RegExp])[] = [
  [
    'logs web --since=5m',
    /'\/k8s logs' has no flag '--since'\..*It knows: --tail, -p, --previous.*-n.*Nothing was done/,
  ],
  ['logs web --tial=5', /Did you mean '--tail'\?/],
  ['get pods -o wide', /no flag '-o'.*-A, --all-namespaces/],
  ['get pods -l app=web', /no flag '-l'/],
  ['pods -n', /'-n' needs a value/],
  ['pods -n shop -n prod', /'-n' is there twice/],
  ['pods -n shop -A', /two places/],
  ['restart web -n shop in prod', /two places/],
  ['restart web --force', /'\/k8s restart' has no flag '--force'/],
  ['scale web 3 -A', /'\/k8s scale' has no flag '-A'. It knows: --replicas, -n, --namespace, --context, --cluster\./],
  ['scale web --replicas=3 --current-replicas=2', /no flag '--current-replicas'/],
  ['drain node-1 --ignore-daemonsets', /no flag '--ignore-daemonsets'/],
  ['delete pod web-1 --force', /no flag '--force'/],
  ['restart job web', /'job web' can mean two things: write 'job\/web', or 'deployment\/job -n web'/],
];

const others = [
  '',
  'restart',
  'restart deployment',
  'restart the web',
  'restart web shop prod',
  'scale web',
  'scale web 3 4',
  'scale web 3 --replicas=4',
  'scale web many',
  'scale deployment 3',
  'scale up web 3',
  'cordon node-1 shop',
  'drain pod/web',
  'rollback web to',
  'top shop',
  'get',
  'get all',
  'make coffee',
];

describe('the words after /k8s', () => {
  for (const [line, meaning] of understood) {
    it(`mean what kubectl or habit has them mean: '${line}'`, () => assert.equal(read(line), meaning));
  }

  for (const [line, message] of refused) {
    it(`are refused with the reason: '${line}'`, () => {
      const answer = read(line) ?? '';
      assert.match(answer, /^refused: /);
      assert.match(answer, message);
    });
  }

  for (const line of others) {
    it(`are no command: '${line}'`, () => assert.equal(read(line), null));
  }

  it('say that a chat does not follow a log', () => {
    const reading = parseK8sWords(['logs', 'web', '-f'], chat.names);
    assert.match(reading?.kind === 'ask' ? (reading.remark ?? '') : '', /cannot follow/);
  });
});
