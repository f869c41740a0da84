import { createHash } from 'node:crypto';
import { inject, injectable } from '../di/inject.js';
import type { JsonObject } from '../domain/json.js';
import type { Destination } from '../domain/outgoing-message.js';
import { isLogName } from '../log/check-log-input.js';
import { IncidentLog } from '../ports/incident-log.js';
import type { ThreadSource, ThreadSubject } from '../ports/thread-source.js';
import { incidentOfStream } from '../runs/case-file.js';
import { storeTopic } from './kubernetes/kubernetes-topic.js';
import { NO_PLACE } from './kubernetes/kubernetes-ask.js';

/** The stream that says what a thread is about: a name that can be looked up, since the log has no other index. */
export function threadStream({ channelType, room }: Destination, thread: string): string {
  const name = `thread/${channelType}:${room}/${thread}`;
  return isLogName(name) ? name : `thread/${createHash('sha256').update(name).digest('hex')}`;
}

/** Finds the incidents of threads in the log, where whoever posts the first message of a thread records it. */
@injectable()
export class IncidentThreads implements ThreadSource {
  constructor(@inject(IncidentLog) private readonly log: IncidentLog) {}

  async find(destination: Destination): Promise<ThreadSubject | null> {
    const { thread } = destination;
    if (thread === undefined) return null;
    const [begun] = await this.log.readStream(threadStream(destination, thread), { limit: 1 });
    const incidentId = begun === undefined ? null : incidentOfStream(String(begun.data['stream']));
    if (incidentId === null) return null;
    const summary = await this.log.getSummary(incidentId);
    return { incidentId, topic: summary?.kind === 'incident' ? topicOf(summary.data) : null };
  }
}

function topicOf({ cluster, namespace, resource }: JsonObject): JsonObject | null {
  if (typeof cluster !== 'string' || typeof resource !== 'object' || resource === null) return null;
  const { kind, name } = resource as JsonObject;
  // What an alert is about has no object in a cluster that could be described.
  if (typeof kind !== 'string' || typeof name !== 'string' || kind === 'Alert') return null;
  const place = { ...NO_PLACE, cluster, namespace: typeof namespace === 'string' ? namespace : null };
  const subject = { kind, name, namespace: place.namespace };
  return storeTopic({
    question: { kind: 'describe', target: { kind, name, namespace: place.namespace }, place },
    subjects: [subject],
    cluster,
  });
}
