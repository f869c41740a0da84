import { ApiFailure } from './api-failure.js';
import type { ResourcePath } from './resource-path.js';
import { qualifiedName } from './resource-type.js';

/** Something that the service account has no right to; an absent field or `*` means any. */
export interface DenialRule {
  readonly verb?: string | undefined;
  /** The plural: `nodes`, `deployments`. */
  readonly resource?: string | undefined;
  readonly group?: string | undefined;
  readonly namespace?: string | undefined;
}

/** One access that is asked for. */
export interface AccessAttributes {
  readonly verb: string;
  readonly resource: string;
  readonly group: string;
  readonly namespace: string;
}

const USER = 'system:serviceaccount:dogwatch:dogwatch';

function isMeant(pattern: string | undefined, value: string): boolean {
  return pattern === undefined || pattern === '*' || pattern === value;
}

/** Plays the role bindings: everything is allowed but what was denied. */
export class AccessRules {
  #denials: readonly DenialRule[] = [];

  /** Replaces all denials; an empty list allows everything again. */
  deny(rules: readonly DenialRule[]): void {
    this.#denials = [...rules];
  }

  isAllowed(access: AccessAttributes): boolean {
    return !this.#denials.some(
      (rule) =>
        isMeant(rule.verb, access.verb) &&
        isMeant(rule.resource, access.resource) &&
        isMeant(rule.group, access.group) &&
        isMeant(rule.namespace, access.namespace),
    );
  }

  /** Throws the 403 that role-based access control answers. */
  check(verb: string, path: ResourcePath): void {
    const { resource, namespace = '', name, subresource } = path;
    const asked = subresource === undefined ? resource.plural : `${resource.plural}/${subresource}`;
    if (this.isAllowed({ verb, resource: asked, group: resource.group, namespace })) return;
    const scope = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
    const subject = name === undefined ? qualifiedName(resource) : `${qualifiedName(resource)} "${name}"`;
    const message = `${subject} is forbidden: User "${USER}" cannot ${verb} resource "${asked}" in API group "${resource.group}" ${scope}`;
    const group = resource.group === '' ? {} : { group: resource.group };
    const details = { ...(name === undefined ? {} : { name }), ...group, kind: resource.plural };
    throw new ApiFailure({ code: 403, reason: 'Forbidden', message, details });
  }
}
