import type { KubeObject } from './kube-object.js';
import type { ObjectStore } from './object-store.js';
import { typeOf } from './simulation.js';

/** Names one object by its kind. */
export interface ObjectQuery {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** What is waited for, and for how long. */
export interface ObjectWish<T extends KubeObject> {
  isWanted(object: T | undefined): boolean;
  readonly timeoutMs: number;
}

/** Waits until an object is as wanted and answers with it; a time-out shows the object as it was then. */
export function waitForObject<T extends KubeObject>(
  store: ObjectStore,
  query: ObjectQuery,
  wish: ObjectWish<T>,
): Promise<T> {
  const resource = typeOf(query);
  const read = (): T | undefined => store.get(resource, query) as T | undefined;
  return new Promise<T>((resolve, reject) => {
    const finish = (settle: () => void): void => {
      unsubscribe();
      clearTimeout(timer);
      settle();
    };
    const look = (): void => {
      const object = read();
      if (wish.isWanted(object)) finish(() => resolve(object as T));
    };
    const giveUp = (): void => {
      const text = JSON.stringify(read()?.status ?? read() ?? null);
      const name = `${query.kind} '${query.namespace ?? '-'}/${query.name}'`;
      finish(() => reject(new Error(`${name} was not as wanted within ${wish.timeoutMs} ms; its status: ${text}`)));
    };
    const unsubscribe = store.onChange((change) => {
      if (change.resource === resource && change.object.metadata.name === query.name) look();
    });
    const timer = setTimeout(giveUp, wish.timeoutMs);
    look();
  });
}
