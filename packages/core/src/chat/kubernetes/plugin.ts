import { definePlugin } from '../../plugin/define-plugin.js';
import { ChatCommand } from '../../ports/chat-command.js';
import { Clock } from '../../ports/clock.js';
import { ClusterRegistry } from '../../ports/cluster-registry.js';
import { IncidentLog } from '../../ports/incident-log.js';
import { Intent } from '../../ports/intent.js';
import { Runs } from '../../ports/runs.js';
import { K8sCommand } from './k8s-command.js';
import { KubernetesChat } from './kubernetes-chat.js';
import { KubernetesIntent } from './kubernetes-intent.js';
import { KubernetesTalk } from './kubernetes-talk.js';
import { SecurityScanIntent } from './security-scan-intent.js';
import { SuggestionIntent } from './suggestion-intent.js';

/** The chat about clusters: questions and wishes in plain words, and `/k8s`. */
export const kubernetesChat = definePlugin({
  id: 'core-kubernetes-chat',
  requires: [Clock, ClusterRegistry, IncidentLog, Runs],
  provides: [KubernetesTalk],
  register({ bind, contribute }) {
    bind(KubernetesTalk).toClass(KubernetesChat);
    contribute(Intent).class(KubernetesIntent);
    contribute(Intent).class(SecurityScanIntent);
    contribute(Intent).class(SuggestionIntent);
    contribute(ChatCommand).class(K8sCommand);
  },
});
