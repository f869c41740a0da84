import type { ClusterRegistry, ClusterView, PlacedResource, PodObject, ResourceReference } from '@dogwatch/core';
import type { ReceivedAlert } from './alert-payload.js';

interface AlertPlace {
  readonly view: ClusterView | null;
  readonly namespace: string;
}

type Find = (name: string, place: AlertPlace) => ResourceReference | null;

/** Labels that name a namespaced object, in the order in which they count. */
const finders: readonly (readonly [label: string, find: Find])[] = [
  ['deployment', findDeployment],
  ['statefulset', (name, place) => findByPods('StatefulSet', name, place)],
  ['daemonset', (name, place) => findByPods('DaemonSet', name, place)],
  ['cronjob', (name) => ({ kind: 'CronJob', name, uid: null })],
  ['job_name', findJob],
  ['pod', findPodOwner],
];

/**
 * What an alert is about, by its labels: the object that it names, resolved to its owner, or else the alert itself.
 *
 * An object that does not exist keeps its name, with `uid` null; only a pod that is not known names nothing.
 */
export function alertResource(alert: Pick<ReceivedAlert, 'labels'>, clusters: ClusterRegistry): PlacedResource {
  const { labels } = alert;
  const cluster = clusterOf(labels, clusters);
  const view = clusters.get(cluster);
  const namespace = labels['namespace'] || null;
  if (namespace !== null) {
    for (const [label, find] of finders) {
      const name = labels[label];
      const found = name ? find(name, { view, namespace }) : null;
      if (found !== null) return { ...found, cluster, namespace };
    }
  }
  const node = labels['node'];
  if (node) {
    return { kind: 'Node', name: node, uid: view?.get('Node', null, node)?.uid ?? null, cluster, namespace: null };
  }
  return { kind: 'Alert', name: labels['alertname'] || 'alert', uid: null, cluster, namespace };
}

function clusterOf(labels: Readonly<Record<string, string>>, clusters: ClusterRegistry): string {
  if (labels['cluster']) return labels['cluster'];
  const [only, ...others] = clusters.list();
  return only !== undefined && others.length === 0 ? only.name : '-';
}

function findDeployment(name: string, { view, namespace }: AlertPlace): ResourceReference {
  const deployment = view?.get('Deployment', namespace, name) ?? null;
  if (view === null || deployment === null) return { kind: 'Deployment', name, uid: null };
  return view.ownerOf(deployment);
}

function findByPods(kind: string, name: string, place: AlertPlace): ResourceReference {
  const pod = podControlledBy(kind, name, place);
  return pod === null || place.view === null ? { kind, name, uid: null } : place.view.ownerOf(pod);
}

function findJob(name: string, place: AlertPlace): ResourceReference {
  return findByPods('Job', name, place);
}

function podControlledBy(kind: string, name: string, { view, namespace }: AlertPlace): PodObject | null {
  for (const pod of view?.list('Pod', { namespace }) ?? []) {
    if (pod.controller?.kind === kind && pod.controller.name === name) return pod;
  }
  return null;
}

function findPodOwner(name: string, { view, namespace }: AlertPlace): ResourceReference | null {
  const pod = view?.get('Pod', namespace, name) ?? null;
  return view === null || pod === null ? null : view.ownerOf(pod);
}
