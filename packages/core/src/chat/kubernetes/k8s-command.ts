import { nearestName } from '../../config/nearest-name.js';
import { inject, injectable } from '../../di/inject.js';
import { ownMessage } from '../../domain/outgoing-message.js';
import type { OutgoingMessage } from '../../domain/outgoing-message.js';
import type { ChatCommand, ChatInvocation } from '../../ports/chat-command.js';
import type { IntentContext } from '../../ports/intent.js';
import { KubernetesTalk } from './kubernetes-talk.js';
import { k8sForms, parseK8sWords } from './parse-k8s-words.js';

/** `/k8s`: the same questions and wishes as in plain words, in few. */
@injectable()
export class K8sCommand implements ChatCommand {
  readonly name = 'k8s';
  readonly usage = [
    '/k8s pods|deployments|services|events [<namespace>] [failing|unhealthy|pending|running]',
    '/k8s nodes|namespaces|contexts',
    '/k8s logs <pod> [<namespace>] [<lines>] [previous]',
    '/k8s describe <kind> <name> [<namespace>]',
    '/k8s top pods|nodes [<namespace>] [memory]',
    '/k8s rollout|history <deployment> [<namespace>]',
    '/k8s scale <deployment> <replicas> [<namespace>]   (asks for approval)',
    '/k8s restart|rollback <deployment> [<namespace>]   (asks for approval)',
  ];
  readonly description = 'Look at a cluster; also in plain words: show error pods in production';

  constructor(@inject(KubernetesTalk) private readonly chat: KubernetesTalk) {}

  async run({ words, actor, context }: ChatInvocation): Promise<readonly OutgoingMessage[]> {
    const ask = parseK8sWords(words, this.chat.names) ?? this.chat.understand(words.join(' '), context?.topic ?? null);
    if (ask === null) return [this.explain(words[0])];
    return this.chat.answer(ask, context ?? bareContext(words, actor));
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
