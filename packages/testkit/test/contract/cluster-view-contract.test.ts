import type {
  ClusterChange,
  ClusterObject,
  ClusterObjectKind,
  ClusterObjectKinds,
  EventObject,
  PodObject,
  ResourceReference,
  WatchState,
} from '@dogwatch/core';
import { clusterViewContract, MemoryClusterView, proveCasesCanFail, runContract } from '@dogwatch/testkit';
import { MemoryClusterWorld } from './memory-cluster-world.js';

runContract(clusterViewContract, 'MemoryClusterView', { harness: { create: () => new MemoryClusterWorld() } });

const starting = { state: 'starting' } as const;
type Listener = (change: ClusterChange) => void;

class PrematureView extends MemoryClusterView {
  override isComplete(): boolean {
    return true;
  }
}
class LiveTooEarlyView extends MemoryClusterView {
  override put(...objects: readonly ClusterObject[]): void {
    const [first] = objects;
    if (first) super.setWatchState(first.kind, 'live');
    super.put(...objects);
  }
}
class SilentAboutRightsView extends MemoryClusterView {
  override setWatchState(kind: ClusterObjectKind, state: WatchState['state'], message: string | null = null): void {
    super.setWatchState(kind, state === 'forbidden' ? 'starting' : state, message);
  }
}
class NamespaceBlindView extends MemoryClusterView {
  override get<K extends ClusterObjectKind>(kind: K, _: string | null, name: string): ClusterObjectKinds[K] | null {
    return [...super.list(kind)].find((object) => object.name === name) ?? null;
  }
  override list<K extends ClusterObjectKind>(kind: K): Iterable<ClusterObjectKinds[K]> {
    return super.list(kind);
  }
}
class OneTimeListView extends MemoryClusterView {
  override list<K extends ClusterObjectKind>(kind: K): Iterable<ClusterObjectKinds[K]> {
    return [...super.list(kind)].values();
  }
}
class ThawedView extends MemoryClusterView {
  override get<K extends ClusterObjectKind>(kind: K, ns: string | null, name: string): ClusterObjectKinds[K] | null {
    return structuredClone(super.get(kind, ns, name));
  }
}
class OldestEventFirstView extends MemoryClusterView {
  override eventsOf(uid: string): readonly EventObject[] {
    return super.eventsOf(uid).toReversed();
  }
}
class UidBlindView extends MemoryClusterView {
  override onChange(listener: Listener): () => void {
    let before: ClusterObject | null = null;
    return super.onChange((change) => {
      if (change.type === 'deleted') before = change.before;
      if (change.type === 'added' && before) listener({ type: 'updated', before, after: change.after });
      else listener(change);
    });
  }
}
class ForgetsBeforeView extends MemoryClusterView {
  override onChange(listener: Listener): () => void {
    return super.onChange((change) =>
      listener(change.type === 'updated' ? { ...change, before: change.after } : change),
    );
  }
}
class TellsTooEarlyView extends MemoryClusterView {
  private readonly own = new Set<Listener>();
  override put(...objects: readonly ClusterObject[]): void {
    for (const after of objects) for (const listener of this.own) listener({ type: 'added', after });
    super.put(...objects);
  }
  override onChange(listener: Listener): () => void {
    this.own.add(listener);
    return () => this.own.delete(listener);
  }
}
class ReplayingView extends MemoryClusterView {
  override onChange(listener: Listener): () => void {
    for (const after of this.list('Pod')) listener({ type: 'added', after });
    return super.onChange(listener);
  }
}
class ClingingView extends MemoryClusterView {
  override onChange(listener: Listener): () => void {
    super.onChange(listener);
    return () => undefined;
  }
}
class PanickingView extends MemoryClusterView {
  override setWatchState(kind: ClusterObjectKind, state: WatchState['state'], message: string | null = null): void {
    if (state === 'recovering') this.remove(...this.list(kind));
    super.setWatchState(kind, state, message);
  }
}
class AllOrNothingView extends MemoryClusterView {
  override isComplete(): boolean {
    return this.watchStates().every((watch) => watch.state === 'live');
  }
}
class RepeatingView extends MemoryClusterView {
  private readonly own = new Set<Listener>();
  override put(...objects: readonly ClusterObject[]): void {
    for (const after of objects) {
      const before = this.get(after.kind, after.namespace, after.name);
      if (before) for (const listener of this.own) listener({ type: 'updated', before, after });
    }
    super.put(...objects);
  }
  override onChange(listener: Listener): () => void {
    this.own.add(listener);
    return super.onChange(listener);
  }
}
class StaleIndexView extends MemoryClusterView {
  private readonly indexed = new Map<string, ClusterObject[]>();
  override controlledBy<K extends ClusterObjectKind>(kind: K, ownerUid: string): Iterable<ClusterObjectKinds[K]> {
    const known = this.indexed.get(ownerUid) ?? [...super.controlledBy(kind, ownerUid)];
    this.indexed.set(ownerUid, known);
    return known as ClusterObjectKinds[K][];
  }
}
class ShortSightedView extends MemoryClusterView {
  override ownerOf(object: ClusterObject): ResourceReference {
    return object.controller ?? { kind: object.kind, name: object.name, uid: object.uid };
  }
}
class ForgetfulView extends MemoryClusterView {
  override ownerOf(object: ClusterObject): ResourceReference {
    const { kind, name, uid } = object;
    const parents = [...this.list('ReplicaSet'), ...this.list('Deployment')];
    const parent = parents.find((one) => one.uid === object.controller?.uid);
    return parent ? this.ownerOf(parent) : (object.controller ?? { kind, name, uid });
  }
}
class ChildlessView extends MemoryClusterView {
  override podsOf(): Iterable<PodObject> {
    return [];
  }
}

const broken = (name: string, view: new (n: string, o: typeof starting) => MemoryClusterView, ...fails: string[]) => ({
  name,
  harness: { create: () => new MemoryClusterWorld(new view('broken', starting)) },
  fails,
});

proveCasesCanFail(clusterViewContract, [
  broken(
    'calls every list complete',
    PrematureView,
    'calls absence certain only once the first full list is in',
    'names a forbidden kind and the missing right, and goes on with the others',
    'is not complete while a watch is broken, and keeps what it knows',
  ),
  broken(
    'says live before it has told the list',
    LiveTooEarlyView,
    'tells the objects of the first list as added, and after them that the watch is live',
  ),
  broken(
    'keeps silent about a missing right',
    SilentAboutRightsView,
    'names a forbidden kind and the missing right, and goes on with the others',
  ),
  broken(
    'does not look at namespaces',
    NamespaceBlindView,
    'finds objects by kind, namespace and name',
    'lists a kind whole or by namespace, as often as one reads the answer',
  ),
  broken(
    'answers lists that can be read once',
    OneTimeListView,
    'lists a kind whole or by namespace, as often as one reads the answer',
  ),
  broken('answers objects that anybody can change', ThawedView, 'answers frozen objects'),
  broken('answers the oldest event first', OldestEventFirstView, 'answers the events about an object, newest first'),
  broken(
    'does not look at uids',
    UidBlindView,
    'tells an object that was deleted and created again as deleted, then added',
    'recognises by its uid what was created again while the watch was broken',
  ),
  broken(
    'has forgotten what an object was like before',
    ForgetsBeforeView,
    'tells a change with the object before and after it',
  ),
  broken('tells a change before it has made it', TellsTooEarlyView, 'has changed already when it tells a change'),
  broken('tells a new listener everything again', ReplayingView, 'does not tell a new listener what is there already'),
  broken('never lets a listener go', ClingingView, 'tells nothing more to a listener that has left'),
  broken(
    'takes a broken watch for an empty cluster',
    PanickingView,
    'is not complete while a watch is broken, and keeps what it knows',
    'tells after a broken watch what really changed meanwhile, and nothing else',
  ),
  broken(
    'calls nothing complete when one watch is broken',
    AllOrNothingView,
    'goes on with the other kinds while one watch is broken',
  ),
  broken(
    'tells everything again after a broken watch',
    RepeatingView,
    'tells after a broken watch what really changed meanwhile, and nothing else',
  ),
  broken('does not keep its index in step', StaleIndexView, 'indexes objects by their controller, also after changes'),
  broken(
    'takes the next controller for the last one',
    ShortSightedView,
    'follows controllers to the last one, and back from it to its pods',
    'knows the owner behind a kind that is not watched before it shows the pod',
    'keeps the owner of a pod whose controllers are deleted before it',
  ),
  broken(
    'forgets controllers that are deleted',
    ForgetfulView,
    'keeps the owner of a pod whose controllers are deleted before it',
  ),
  broken(
    'does not find the way back to pods',
    ChildlessView,
    'follows controllers to the last one, and back from it to its pods',
  ),
]);
