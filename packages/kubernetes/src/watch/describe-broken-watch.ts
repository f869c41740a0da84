import type { KubernetesFailure } from '../client/kubernetes-failure.js';

/** Says for an operator why a watch is broken and what to do; `resource` is the plural that RBAC knows, `nodes`. */
export function describeBrokenWatch(resource: string, failure: KubernetesFailure): string {
  if (failure.status === 403) {
    const account = /User "([^"]+)"/.exec(failure.message)?.[1];
    const who = account === undefined ? 'the account of Dogwatch' : `'${account}'`;
    return `${resource}: list is forbidden: give ${who} the rights 'list ${resource}' and 'watch ${resource}' in a ClusterRole`;
  }
  if (failure.status === 401) {
    return `${resource}: the API server does not accept the credentials (${failure.message}): renew them`;
  }
  if (failure.status === 410) return `${resource}: the watch fell too far behind, listing again`;
  return `${resource}: ${failure.message}`;
}
