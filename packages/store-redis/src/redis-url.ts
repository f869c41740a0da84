/** One Redis server, or one sentinel. */
export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

/** Where Redis is and how to get in, as its URL says. */
export interface RedisTarget {
  /** `sentinel`: the nodes are sentinels, which name the master; `cluster`: some of the cluster's nodes. */
  readonly kind: 'single' | 'sentinel' | 'cluster';
  readonly nodes: readonly RedisNode[];
  readonly hasTls: boolean;
  readonly username: string | null;
  readonly password: string | null;
  /** Always 0 in a cluster, which has no other. */
  readonly database: number;
  /** What the sentinels call the master; `null` without sentinels. */
  readonly masterName: string | null;
  readonly sentinelPassword: string | null;
}

/** A URL that was understood, or what is wrong with it; the reason never shows the URL, which may hold a password. */
export type ParsedRedisUrl =
  { readonly ok: true; readonly target: RedisTarget } | { readonly ok: false; readonly reason: string };

const forms =
  'redis://host:6379/0, rediss://… for TLS, redis+sentinel://host:26379,host:26379/master-name, or redis+cluster://host:6379,host:6379';
const pattern = /^(rediss?)(?:\+(sentinel|cluster))?:\/\/(?:([^@/?#]*)@)?([^@/?#]+)(\/[^?#]*)?(\?[^#]*)?$/;
const hostPattern = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9_.-]+)(?::(\d{1,5}))?$/;
const defaultPorts = { single: 6379, cluster: 6379, sentinel: 26379 } as const;

function refuse(reason: string): ParsedRedisUrl {
  return { ok: false, reason };
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function parseNode(text: string, defaultPort: number): RedisNode | null {
  const match = hostPattern.exec(text);
  if (match === null) return null;
  const port = match[2] === undefined ? defaultPort : Number(match[2]);
  if (port < 1 || port > 65_535) return null;
  return { host: (match[1] as string).replace(/^\[|\]$/g, ''), port };
}

interface Credentials {
  readonly username: string | null;
  readonly password: string | null;
}

function parseCredentials(text: string): Credentials | null {
  const colon = text.indexOf(':');
  const username = decode(colon < 0 ? text : text.slice(0, colon));
  const password = colon < 0 ? '' : decode(text.slice(colon + 1));
  if (username === null || password === null) return null;
  return { username: username === '' ? null : username, password: password === '' ? null : password };
}

function parseDatabase(text: string): number | null {
  if (text === '') return 0;
  return /^\d{1,4}$/.test(text) ? Number(text) : null;
}

/** Reads the URL forms of one server, of sentinels and of a cluster, each with or without TLS. */
export function parseRedisUrl(url: string): ParsedRedisUrl {
  const match = pattern.exec(url);
  if (match === null) return refuse(`must look like ${forms}`);
  const [, scheme, variant, user, hosts = '', path = '', query = ''] = match;
  const kind = (variant ?? 'single') as RedisTarget['kind'];
  const nodes = hosts.split(',').map((text) => parseNode(text, defaultPorts[kind]));
  const known = nodes.filter((node) => node !== null);
  if (known.length < nodes.length) return refuse('must name hosts as host:port, with a port from 1 to 65535');
  if (kind === 'single' && known.length > 1) {
    return refuse('names several hosts: say redis+sentinel:// or redis+cluster:// instead');
  }
  const credentials = parseCredentials(user ?? '');
  if (credentials === null) return refuse('has a user or password with a stray %: write it as %25');
  const segments = path.split('/').slice(1);
  const masterName = kind === 'sentinel' ? (decode(segments.shift() ?? '') ?? '') : null;
  if (masterName === '') return refuse('must name the master after the sentinels: redis+sentinel://host/mymaster');
  const [databaseText = '', ...rest] = segments;
  const database = parseDatabase(databaseText);
  if (database === null || rest.length > 0)
    return refuse('must end with the number of a database, as /0, or with nothing');
  if (kind === 'cluster' && database !== 0) return refuse('names a database: a cluster has only database 0');
  const parameters = new URLSearchParams(query);
  const unknown = [...parameters.keys()].find((name) => name !== 'sentinelPassword' || kind !== 'sentinel');
  if (unknown !== undefined)
    return refuse(`has a parameter '${unknown}': only sentinelPassword is known, with sentinels`);
  return {
    ok: true,
    target: {
      kind,
      nodes: known,
      hasTls: scheme === 'rediss',
      ...credentials,
      database,
      masterName,
      sentinelPassword: parameters.get('sentinelPassword'),
    },
  };
}
