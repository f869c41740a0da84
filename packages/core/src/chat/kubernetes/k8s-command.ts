import { nearestName } from '../../config/nearest-name.js';
import { inject, injectable } from '../../di/inject.js';
import { ownMessage } from '../../domain/outgoing-message.js';
import type { OutgoingMessage } from '../../domain/outgoing-message.js';
import type { ChatCommand, ChatInvocation } from '../../ports/chat-command.js';
import type { IntentContext } from '../../ports/intent.js';
import { KubernetesTalk } from './kubernetes-talk.js';
import type { KubernetesAsk } from './kubernetes-ask.js';
import { k8sForms } from './k8s-forms.js';
import { parseK8sWords } from './parse-k8s-words.js';
import type { K8sReading } from './parse-k8s-words.js';

/** `/k8s`: the same questions and wishes as in plain words, in few. */
@injectable()
export class K8sCommand implements ChatCommand {
  readonly name = 'k8s';
  readonly usage = [
    '/k8s pods|deployments|services|events [<namespace>] [failing|unhealthy|pending|running]',
    '/k8s nodes|namespaces|contexts',
    '/k8s logs <pod> [<namespace>] [<lines>] [previous] [-c <container>]',
    '/k8s describe <kind> <name> [<namespace>]',
    '/k8s top pods|nodes [<namespace>] [memory]',
    '/k8s rollout|history <deployment> [<namespace>]',
    '/k8s scale <deployment> <replicas> [<namespace>]   (asks for approval)',
    '/k8s restart|rollback <deployment> [<namespace>]   (asks for approval)',
    '/k8s get|rollout …                 (as kubectl has them, with -n, -A, --context)',
  ];
  readonly description = 'Look at a cluster; also in plain words: show error pods in production';

  constructor(@inject(KubernetesTalk) private readonly chat: KubernetesTalk) {}

  async run({ words, actor, context }: ChatInvocation): Promise<readonly OutgoingMessage[]> {
    const reading = this.read(words, context);
    if (reading === null) return [this.explain(words[0])];
    if (reading.kind === 'refused') return [ownMessage(reading.message)];
    const messages = await this.chat.answer(reading.ask, context ?? bareContext(words, actor));
    return reading.remark === null ? messages : [...messages, ownMessage(reading.remark)];
  }

  // "/k8s restart it" is about what the answer before was about.
  isPrompt(words: readonly string[]): boolean {
    return parseK8sWords(words, this.chat.names) !== null;
  }

  isReading(words: readonly string[], context?: IntentContext): boolean {
    const reading = this.read(words, context);
    return reading?.kind !== 'ask' || reading.ask.kind !== 'change';
  }

  private read(words: readonly string[], context: IntentContext | undefined): K8sReading | null {
    const reading = parseK8sWords(words, this.chat.names);
    if (reading !== null) return reading;
    const ask: KubernetesAsk | null = this.chat.understand(words.join(' '), context?.topic ?? null);
    return ask === null ? null : { kind: 'ask', ask, remark: null };
  }

  private explain(form: string | undefined): OutgoingMessage {
    const near = form === undefined || k8sForms.includes(form) ? null : nearestName(form, k8sForms);
    const hint = near === null ? '' : `Did you mean /k8s ${near}?\n`;
    return ownMessage(`${hint}Write it like one of these:\n${this.usage.join('\n')}`);
  }
}

// Whoever calls the command without a chat has no conversation to go back to.
function bareContext(words: readonly string[], actor: ChatInvocation['actor']): IntentContext {
  const destination = { channelType: actor.channelType, room: actor.userId };
  const message = { ...actor, text: `/k8s ${words.join(' ')}`, metadata: { destination, messageId: null } };
  return { message, actor, conversation: '', topic: null, remember: () => Promise.resolve() };
}
