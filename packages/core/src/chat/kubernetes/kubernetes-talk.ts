import { definePort } from '../../di/define-port.js';
import type { JsonObject } from '../../domain/json.js';
import type { OutgoingMessage } from '../../domain/outgoing-message.js';
import type { IntentContext } from '../../ports/intent.js';
import type { KnownNames } from './known-names.js';
import type { KubernetesAsk } from './kubernetes-ask.js';

/** Talks about the watched clusters. */
export interface KubernetesTalk {
  /** The names that sentences are understood by. */
  readonly names: KnownNames;
  /** What a text wants; `null` when it may be meant for somebody else. Pure and quick. */
  understand(text: string, remembered: JsonObject | null): KubernetesAsk | null;
  /** Answers a question, or asks for the approval of a change; remembers what it was about. */
  answer(ask: KubernetesAsk, context: IntentContext): Promise<readonly OutgoingMessage[]>;
}
export const KubernetesTalk = definePort<KubernetesTalk>('core.KubernetesTalk');
