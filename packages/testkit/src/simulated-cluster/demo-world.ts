import type { ImageScript } from './fault-book.js';
import type { KubeManifest } from './kube-object.js';
import type { ScriptLine } from './container-script.js';
import type { ContainerSpec } from './workload-objects.js';

const REGISTRY = 'registry.example.com';

/** The image of every bad release of the demo's shop begins with this. */
export const BAD_RELEASE = `${REGISTRY}/shop/web:2.4.`;

interface DemoWorkload {
  readonly namespace: string;
  readonly name: string;
  readonly image: string;
  readonly replicas: number;
  readonly args?: readonly string[];
  readonly port: number;
}

const WORKLOADS: readonly DemoWorkload[] = [
  {
    namespace: 'shop',
    name: 'web',
    image: 'shop/web:2.3.1',
    replicas: 2,
    port: 8080,
    args: ['--listen=:8080', '--routes=/etc/web/routes.yaml'],
  },
  {
    namespace: 'shop',
    name: 'cart',
    image: 'shop/cart:1.9.4',
    replicas: 2,
    port: 8081,
    args: ['--listen=:8081', '--cache=/var/cache/sessions'],
  },
  { namespace: 'shop', name: 'catalog', image: 'shop/catalog:5.0.2', replicas: 2, port: 8082 },
  { namespace: 'shop', name: 'checkout', image: 'shop/checkout:3.7.0', replicas: 1, port: 8083 },
  { namespace: 'monitoring', name: 'metrics', image: 'monitoring/metrics:0.14.1', replicas: 1, port: 9090 },
  { namespace: 'monitoring', name: 'dashboards', image: 'monitoring/dashboards:11.2.0', replicas: 1, port: 3000 },
  { namespace: 'kube-system', name: 'coredns', image: 'kube/coredns:1.12.1', replicas: 2, port: 53 },
];

/** The container that the demo's bad release number `count` puts into shop/web. */
export function badRelease(count: number): Partial<ContainerSpec> {
  return { image: `${BAD_RELEASE}${count}`, args: ['--listen=:8080', '--routes=/etc/web/routes-v2.yaml'] };
}

function serve(route: string, everyMs: number): ScriptLine[] {
  return [
    { atMs: 0, text: '{time} INFO  starting' },
    { atMs: 400, text: '{time} INFO  listening' },
    { atMs: 1500, text: `{time} INFO  GET ${route} 200 {ms}ms request={n}`, everyMs },
  ];
}

/** What the demo's images print, and how the bad release ends. */
export const demoImages: readonly ImageScript[] = [
  {
    imagePrefix: 'shop/web:2.4.',
    script: {
      ending: 'exit',
      exitCode: 1,
      endsAfterMs: 2200,
      lines: [
        { atMs: 0, text: '{time} INFO  web 2.4 starting' },
        { atMs: 500, text: '{time} INFO  reading routes from /etc/web/routes-v2.yaml' },
        { atMs: 700, text: '{time} ERROR routes-v2.yaml:12: unknown key "keepalive_pool" under "upstreams[0]"' },
        { atMs: 800, text: '{time} FATAL cannot start without valid routes, exit status 1' },
      ],
    },
  },
  { imagePrefix: 'shop/web:', script: { lines: serve('/', 3000) } },
  { imagePrefix: 'shop/cart:', script: { lines: serve('/api/cart', 4000) } },
  { imagePrefix: 'shop/catalog:', script: { lines: serve('/api/catalog/items', 2500) } },
  { imagePrefix: 'shop/checkout:', script: { lines: serve('/api/checkout', 9000) } },
  { imagePrefix: 'monitoring/', script: { lines: serve('/metrics', 15_000) } },
];

function deployment({ namespace, name, image, replicas, args, port }: DemoWorkload): KubeManifest {
  const labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': namespace };
  const container = {
    name,
    image: `${REGISTRY}/${image}`,
    ...(args === undefined ? {} : { args }),
    ports: [{ name: 'http', containerPort: port }],
    resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '256Mi' } },
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace, name, labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
    },
  };
}

function service({ namespace, name, port }: DemoWorkload): KubeManifest {
  const selector = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': namespace };
  const spec = { type: 'ClusterIP', selector, ports: [{ name: 'http', port, targetPort: port, protocol: 'TCP' }] };
  return { apiVersion: 'v1', kind: 'Service', metadata: { namespace, name }, spec };
}

/** The objects of the demo: a small shop and its neighbours, all of them well. */
export function demoManifests(): KubeManifest[] {
  return WORKLOADS.flatMap((workload) => [deployment(workload), service(workload)]);
}
