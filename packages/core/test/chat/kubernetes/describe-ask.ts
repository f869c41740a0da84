import type { KubernetesAsk } from '@dogwatch/core';

function target({ target: { kind, name, namespace } }: Extract<KubernetesAsk, { target: unknown }>): string {
  const path = namespace === null ? '' : ` path=${namespace}`;
  return `${kind === null ? '' : `${kind}/`}${name === '' ? 'it' : name}${path}`;
}

function core(ask: KubernetesAsk): readonly unknown[] {
  switch (ask.kind) {
    case 'list':
      return [ask.isCount ? 'count' : '', ask.resource, ask.filter, ask.limit];
    case 'logs':
      return ['logs', target(ask), ask.lines, ask.isPrevious ? 'previous' : ''];
    case 'events-of':
      return ['events of', target(ask), ask.limit];
    case 'top':
      return ['top', ask.of, ask.sort];
    case 'change': {
      const extra = Object.entries(ask.arguments).map(([name, value]) => `${name}=${value}`);
      const [name, ...path] = target(ask).split(' ');
      return [ask.tool, name, ...extra, ...path];
    }
    case 'describe':
    case 'rollout-status':
    case 'rollout-history':
      return [ask.kind, target(ask)];
    case 'broken':
    case 'contexts':
      return [ask.kind];
  }
}

/** An ask in one line, for tables of sentences. */
export function describeAsk(ask: KubernetesAsk): string {
  const { namespace, cluster, isEverywhere } = ask.place;
  const place = [
    namespace === null ? '' : `ns=${namespace}`,
    cluster === null ? '' : `cluster=${cluster}`,
    isEverywhere ? 'everywhere' : '',
  ];
  return [...core(ask), ...place].filter((part) => part !== '' && part !== null).join(' ');
}
