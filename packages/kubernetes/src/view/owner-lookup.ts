import type { Clock, Logger } from '@dogwatch/core';
import { apiPath } from '../client/api-path.js';
import type { ClusterClient } from '../client/cluster-client.js';
import { describeKubernetesFailure } from '../client/kubernetes-failure.js';
import { readObject, readObjects, readText, type RawObject } from '../trim/read-fields.js';
import type { Controller } from './owner-links.js';

/** Kinds of Kubernetes itself that control pods or what controls pods; the chain ends at any other kind. */
const readableKinds: ReadonlySet<string> = new Set([
  'Job',
  'CronJob',
  'ReplicaSet',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicationController',
]);

const maxConcurrent = 4;
/** From this many open questions about one kind on, one list answers them all. */
const bulkThreshold = 8;
const requestTimeoutMs = 4000;
const retryDelayMs = 500;
const forbiddenForMs = 60_000;
const metadataAccept = {
  one: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json',
  list: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json',
} as const;

interface Question {
  readonly controller: Controller;
  readonly namespace: string | null;
  readonly answer: (controller: Controller | null) => void;
}

/** Whether an object of this kind may itself be controlled, and can be read to find out by what. */
export function canReadOwnerOf(kind: string): boolean {
  return readableKinds.has(kind);
}

/** Answers who controls an object, `null` for nobody or when it cannot be found out. */
export interface OwnerSource {
  controllerOf(controller: Controller, namespace: string | null): Promise<Controller | null>;
}

/**
 * Reads who controls objects of kinds that are not watched, a few at a time: the metadata of one, or a whole list when many are
 * asked for. Never rejects: what cannot be read counts as the end of its chain.
 */
export class OwnerLookup implements OwnerSource {
  private open: readonly Question[] = [];
  private readonly forbiddenUntil = new Map<string, number>();
  private active = 0;

  constructor(
    private readonly client: ClusterClient,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly signal: AbortSignal,
  ) {}

  controllerOf(controller: Controller, namespace: string | null): Promise<Controller | null> {
    if (!readableKinds.has(controller.kind) || namespace === null) return Promise.resolve(null);
    return new Promise((answer) => {
      this.open = this.open.concat({ controller, namespace, answer });
      // Questions of one list come in one turn: what they have in common shows after it.
      queueMicrotask(() => this.pump());
    });
  }

  private pump(): void {
    while (this.active < maxConcurrent) {
      const [first] = this.open;
      if (!first) return;
      const sameKind = this.open.filter((one) => one.controller.kind === first.controller.kind);
      const isBulk = sameKind.length >= bulkThreshold;
      const taken = isBulk ? sameKind : [first];
      this.open = this.open.filter((one) => (isBulk ? one.controller.kind !== first.controller.kind : one !== first));
      this.active += 1;
      void this.work(taken).finally(() => {
        this.active -= 1;
        this.pump();
      });
    }
  }

  private async work(questions: readonly Question[]): Promise<void> {
    const [first] = questions;
    if (!first) return;
    const { kind } = first.controller;
    if ((this.forbiddenUntil.get(kind) ?? 0) > this.clock.now()) return answerAll(questions, null);
    try {
      const found = questions.length === 1 ? await this.readOne(first) : await this.readAll(kind);
      for (const question of questions) question.answer(found.get(question.controller.uid) ?? null);
    } catch (error) {
      const failure = describeKubernetesFailure(error);
      if (failure.status === 403) this.forbiddenUntil.set(kind, this.clock.now() + forbiddenForMs);
      if (!this.signal.aborted) {
        this.logger.warn('owner_lookup_failed', 'Pods are shown under their direct controller', {
          cluster: this.client.name,
          kind,
          count: questions.length,
          error,
        });
      }
      answerAll(questions, null);
    }
  }

  private async readOne({ controller, namespace }: Question): Promise<ReadonlyMap<string, Controller>> {
    const path = apiPath({ kind: controller.kind, namespace, name: controller.name });
    const action = `read the owner of ${controller.kind} ${namespace}/${controller.name}`;
    try {
      return controllersIn([await this.request(action, path, metadataAccept.one)]);
    } catch (error) {
      // A Job that is gone while its pods are still there has no owner that could be known.
      if (describeKubernetesFailure(error).status === 404) return new Map();
      throw error;
    }
  }

  private async readAll(kind: string): Promise<ReadonlyMap<string, Controller>> {
    const found = new Map<string, Controller>();
    let next: string | null = null;
    do {
      const query: Record<string, string> = { limit: '500', ...(next === null ? {} : { continue: next }) };
      const page = await this.request(`list the owners of ${kind}s`, apiPath({ kind }), metadataAccept.list, query);
      for (const [uid, controller] of controllersIn(readObjects(page.items))) found.set(uid, controller);
      next = readText(readObject(page.metadata).continue);
    } while (next !== null);
    return found;
  }

  private async request(
    action: string,
    path: string,
    accept: string,
    query: Record<string, string> = {},
  ): Promise<RawObject> {
    const request = { action, path, accept, query, timeoutMs: requestTimeoutMs, idleTimeoutMs: requestTimeoutMs };
    try {
      return await this.client.json<RawObject>(request, this.signal);
    } catch (error) {
      const { status } = describeKubernetesFailure(error);
      const mayPass = status === null || status === 429 || status >= 500;
      if (!mayPass || this.signal.aborted) throw error;
      await this.clock.sleep(retryDelayMs, this.signal);
      return this.client.json<RawObject>(request, this.signal);
    }
  }
}

function answerAll(questions: readonly Question[], controller: Controller | null): void {
  for (const question of questions) question.answer(controller);
}

function controllersIn(objects: readonly RawObject[]): ReadonlyMap<string, Controller> {
  const found = new Map<string, Controller>();
  for (const object of objects) {
    const metadata = readObject(object.metadata);
    const reference = readObjects(metadata.ownerReferences).find((one) => one.controller === true);
    const ownUid = readText(metadata.uid);
    const [kind, name, uid] = [readText(reference?.kind), readText(reference?.name), readText(reference?.uid)];
    if (ownUid === null || kind === null || name === null || uid === null) continue;
    found.set(ownUid, Object.freeze({ kind, name, uid }));
  }
  return found;
}
