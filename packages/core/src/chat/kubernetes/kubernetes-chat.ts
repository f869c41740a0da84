import type { JsonObject } from '../../domain/json.js';
import { plainMessage } from '../../domain/outgoing-message.js';
import type { OutgoingMessage } from '../../domain/outgoing-message.js';
import { inject, injectable, injectEach } from '../../di/inject.js';
import { Clock } from '../../ports/clock.js';
import { ClusterRegistry } from '../../ports/cluster-registry.js';
import { IncidentLog } from '../../ports/incident-log.js';
import type { IntentContext } from '../../ports/intent.js';
import { Runs } from '../../ports/runs.js';
import { Tool } from '../../ports/tool.js';
import { QuestionAnswers } from './answer-question.js';
import type { AskPlace, AskTarget, KubernetesAsk } from './kubernetes-ask.js';
import { readTopic, storeTopic } from './kubernetes-topic.js';
import type { KubernetesTalk } from './kubernetes-talk.js';
import type { KubernetesTopic } from './kubernetes-topic.js';
import { LiveNames } from './live-names.js';
import { parseFollowUp } from './parse-follow-up.js';
import { parseSentence } from './parse-sentence.js';
import { ChangeRequests } from './request-change.js';
import { unresolved } from './resolved-place.js';
import type { Resolved } from './resolved-place.js';
import { ToolDesk } from './tool-desk.js';

/** Talks by keywords and grammar: questions are answered by reading tools, changes become requests for approval. */
@injectable()
export class KubernetesChat implements KubernetesTalk {
  /** The names that sentences are understood by. */
  readonly names: LiveNames;
  private readonly questions: QuestionAnswers;
  private readonly changes: ChangeRequests;

  constructor(
    @inject(ClusterRegistry) private readonly registry: ClusterRegistry,
    @inject(Runs) runs: Runs,
    @inject(IncidentLog) log: IncidentLog,
    @inject(Clock) clock: Clock,
    @injectEach(Tool) tools: readonly Tool[],
  ) {
    const desk = new ToolDesk(tools);
    this.names = new LiveNames(registry, clock);
    this.questions = new QuestionAnswers({ desk, registry, clock });
    this.changes = new ChangeRequests({ desk, registry, runs, log });
  }

  /** What a text wants; `null` when it may be meant for somebody else. */
  understand(text: string, remembered: JsonObject | null): KubernetesAsk | null {
    const topic = readTopic(remembered);
    const hasSubject = topic !== null && topic.subjects.length > 0;
    const context = { names: this.names, hasSubject };
    const followUp = topic === null ? null : parseFollowUp(text, { question: topic.question, hasSubject }, context);
    return followUp ?? parseSentence(text, context);
  }

  /** Answers a question, or asks for the approval of a change. */
  async answer(ask: KubernetesAsk, context: IntentContext): Promise<readonly OutgoingMessage[]> {
    const meant =
      'target' in ask ? this.resolvePronoun(ask, readTopic(context.topic)) : { ok: true as const, value: ask };
    if (!meant.ok) return [plainMessage(meant.message)];
    if (meant.value.kind === 'change') return [await this.changes.request(meant.value, context)];
    const { messages, subjects, cluster } = await this.questions.answer(meant.value);
    await context.remember(storeTopic({ question: meant.value, subjects, cluster }));
    return messages;
  }

  // "it" is the one object of the last answer; of a Deployment's pod only the Deployment can be changed.
  private resolvePronoun(
    ask: Extract<KubernetesAsk, { readonly target: AskTarget }>,
    topic: KubernetesTopic | null,
  ): Resolved<KubernetesAsk> {
    if (ask.target.name !== '') return this.withPathNamespace(ask);
    const [subject, ...others] = topic?.subjects ?? [];
    if (topic === null || subject === undefined) return unresolved('Say which one you mean by its name.');
    if (others.length > 0) {
      const names = [...new Set(topic.subjects.map(({ name }) => name))];
      return unresolved(`Which one do you mean: ${names.join(', ')}? Say its name.`);
    }
    const { cluster } = topic;
    const place: AskPlace = { namespace: subject.namespace, cluster, isEverywhere: false };
    const view = cluster === null ? null : this.registry.get(cluster);
    const pod = subject.kind === 'Pod' ? view?.get('Pod', subject.namespace, subject.name) : null;
    const owner = pod === null || pod === undefined || view === null || view === undefined ? null : view.ownerOf(pod);
    const isChange = ask.kind === 'change' && ask.tool.endsWith('_deployment');
    const meant = isChange && owner?.kind === 'Deployment' ? owner : subject;
    return { ok: true, value: { ...ask, target: { kind: meant.kind, name: meant.name, namespace: null }, place } };
  }

  private withPathNamespace(ask: Extract<KubernetesAsk, { readonly target: AskTarget }>): Resolved<KubernetesAsk> {
    const { namespace, name } = ask.target;
    if (namespace === null) return { ok: true, value: ask };
    const said = ask.place.namespace;
    if (said !== null && said !== namespace) {
      return unresolved(`Do you mean '${name}' in '${namespace}' or in '${said}'? Name one of them.`);
    }
    return { ok: true, value: { ...ask, place: { ...ask.place, namespace } } };
  }
}
