import type { JsonObject } from '../../domain/json.js';
import type { KubernetesQuestion } from './kubernetes-ask.js';
import type { FoundObject } from './resolve-target.js';

const keptSubjects = 6;

/** What a conversation was last about. */
export interface KubernetesTopic {
  readonly question: KubernetesQuestion;
  /** What "it" can mean: the objects of the answer, the first few. */
  readonly subjects: readonly FoundObject[];
  readonly cluster: string | null;
}

/** A topic as plain JSON, for a conversation's memory. */
export function storeTopic({ question, subjects, cluster }: KubernetesTopic): JsonObject {
  const kept = subjects.slice(0, keptSubjects).map(({ kind, namespace, name }) => ({ kind, namespace, name }));
  return { intent: 'kubernetes', question: question as unknown as JsonObject, subjects: kept, cluster };
}

/** Reads a remembered topic; `null` when it is of another intent. */
export function readTopic(topic: JsonObject | null): KubernetesTopic | null {
  return topic !== null && topic['intent'] === 'kubernetes' ? (topic as unknown as KubernetesTopic) : null;
}
