import type { AccessRules } from './access-rules.js';
import { replyJson, replyText, type ApiReply, type ApiRequest } from './api-exchange.js';
import { apiVersionOf, resourceTypes, type ResourceType } from './resource-type.js';

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const AUTHORIZATION = 'authorization.k8s.io';

function describeGroup(name: string): object {
  const version = { groupVersion: `${name}/v1`, version: 'v1' };
  return { name, versions: [version], preferredVersion: version };
}

function groupNames(): string[] {
  return [...new Set([...resourceTypes.map(({ group }) => group).filter((group) => group !== ''), AUTHORIZATION])];
}

function describeType(type: ResourceType): object[] {
  const { plural, kind, namespaced, shortNames } = type;
  const main = { name: plural, singularName: kind.toLowerCase(), namespaced, kind, verbs: VERBS, shortNames };
  const subresource = (name: string, of: string): object => {
    return { name: `${plural}/${name}`, singularName: '', namespaced, kind: of, verbs: ['get', 'patch', 'update'] };
  };
  return [
    main,
    ...(type.hasStatus ? [subresource('status', kind)] : []),
    ...(type.hasScale ? [subresource('scale', 'Scale')] : []),
    ...(plural === 'pods' ? [{ ...subresource('log', kind), verbs: ['get'] }] : []),
  ];
}

function describeResources(groupVersion: string): ApiReply | null {
  const types = resourceTypes.filter((type) => apiVersionOf(type) === groupVersion);
  if (types.length === 0) return null;
  return replyJson(200, {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion,
    resources: types.flatMap(describeType),
  });
}

function reviewAccess(request: ApiRequest, access: AccessRules): ApiReply {
  const review = request.body as { spec?: { resourceAttributes?: Record<string, string> } } | undefined;
  const { verb = '*', resource = '*', group = '', namespace = '' } = review?.spec?.resourceAttributes ?? {};
  const subresource = review?.spec?.resourceAttributes?.['subresource'];
  const asked = subresource ? `${resource}/${subresource}` : resource;
  const allowed = access.isAllowed({ verb, resource: asked, group, namespace });
  return replyJson(201, {
    kind: 'SelfSubjectAccessReview',
    apiVersion: `${AUTHORIZATION}/v1`,
    metadata: {},
    spec: review?.spec ?? {},
    status: { allowed },
  });
}

/** Serves what everybody may see without a token; `null` when the path is another one. */
export function answerPublic(path: string): ApiReply | null {
  if (path === '/readyz' || path === '/livez' || path === '/healthz') return replyText(200, 'ok');
  if (path !== '/version') return null;
  return replyJson(200, { major: '1', minor: '34', gitVersion: 'v1.34.0+simulated', platform: 'linux/amd64' });
}

/** Serves discovery and access reviews; `null` when the path is another one. */
export function answerDiscovery(request: ApiRequest, access: AccessRules): ApiReply | null {
  const { path, method } = request;
  if (path === `/apis/${AUTHORIZATION}/v1/selfsubjectaccessreviews` && method === 'POST')
    return reviewAccess(request, access);
  if (method !== 'GET') return null;
  if (path === '/api') return replyJson(200, { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] });
  if (path === '/apis') {
    return replyJson(200, { kind: 'APIGroupList', apiVersion: 'v1', groups: groupNames().map(describeGroup) });
  }
  if (path === '/api/v1') return describeResources('v1');
  const [, group = '', version] = /^\/apis\/([^/]+)(?:\/([^/]+))?$/.exec(path) ?? [];
  if (version !== undefined) return describeResources(`${group}/${version}`);
  if (!groupNames().includes(group)) return null;
  return replyJson(200, { kind: 'APIGroup', apiVersion: 'v1', ...describeGroup(group) });
}
