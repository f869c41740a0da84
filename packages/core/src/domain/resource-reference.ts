/** Names one object of one cluster, as seen at some moment. */
export interface ResourceReference {
  /** Kubernetes kind, `Alert` for an alert that names no object. */
  readonly kind: string;
  readonly name: string;
  /** `null` where the object does not exist (any more) or never was one. */
  readonly uid: string | null;
}

/** A resource with the place it lives in. */
export interface PlacedResource extends ResourceReference {
  readonly cluster: string;
  /** `null` for cluster-scoped objects. */
  readonly namespace: string | null;
}

/** The key of a resource: `cluster/Kind/namespace/name`, with `-` for no namespace. */
export function resourceKey(resource: Omit<PlacedResource, 'uid'>): string {
  return `${resource.cluster}/${resource.kind}/${resource.namespace ?? '-'}/${resource.name}`;
}
