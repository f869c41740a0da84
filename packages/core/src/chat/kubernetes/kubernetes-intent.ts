import { inject, injectable } from '../../di/inject.js';
import type { OutgoingMessage } from '../../domain/outgoing-message.js';
import { INTENT_PRIORITIES } from '../../ports/intent.js';
import type { Intent, IntentContext } from '../../ports/intent.js';
import type { KubernetesAsk } from './kubernetes-ask.js';
import { KubernetesTalk } from './kubernetes-talk.js';

/** Questions about clusters and wishes to change them, in plain words. */
@injectable()
export class KubernetesIntent implements Intent<KubernetesAsk> {
  readonly id = 'kubernetes';
  readonly priority = INTENT_PRIORITIES.kubernetes;

  constructor(@inject(KubernetesTalk) private readonly chat: KubernetesTalk) {}

  match(text: string, { topic }: Pick<IntentContext, 'topic'>): KubernetesAsk | null {
    return this.chat.understand(text, topic);
  }

  isReading(ask: KubernetesAsk): boolean {
    return ask.kind !== 'change';
  }

  handle(ask: KubernetesAsk, context: IntentContext): Promise<readonly OutgoingMessage[]> {
    return this.chat.answer(ask, context);
  }
}
