import { resourceKey } from '@dogwatch/core';
import type { ClusterEvent } from '@dogwatch/core';

const alertFacetStart = 'alert/';

/** The key of the incident that an event belongs to; an alert that names no object is told from others by its fingerprint. */
export function incidentKeyOf({ resource, facet }: Pick<ClusterEvent, 'resource' | 'facet'>): string {
  if (resource.kind !== 'Alert' || !facet.startsWith(alertFacetStart)) return resourceKey(resource);
  return resourceKey({ ...resource, name: facet.slice(alertFacetStart.length) });
}
