import type { KubeObject } from './kube-object.js';
import type { ResourceType } from './resource-type.js';
import { apiVersionOf } from './resource-type.js';
import { formatTime } from './kube-object.js';

/** How a write is meant: for real or as a dry run, and by whom. */
export interface WriteOptions {
  readonly isDryRun: boolean;
  readonly fieldManager: string;
  readonly subresource?: 'status' | 'scale' | undefined;
}

/** A write of the simulation's own controllers. */
export const asController: WriteOptions = { isDryRun: false, fieldManager: 'kube-controller-manager' };

interface ManagedFields {
  readonly manager: string;
  readonly operation: string;
  readonly subresource?: string | undefined;
}

/** Notes in `metadata.managedFields` who wrote last; which fields it wrote is not tracked. */
export function recordManager(draft: KubeObject, resource: ResourceType, write: WriteOptions & { now: number }): void {
  const entries = (draft.metadata.managedFields ?? []) as ManagedFields[];
  const others = entries.filter(
    (entry) => entry.manager !== write.fieldManager || entry.subresource !== write.subresource,
  );
  const entry = {
    manager: write.fieldManager,
    operation: 'Update',
    apiVersion: apiVersionOf(resource),
    time: formatTime(write.now),
    fieldsType: 'FieldsV1',
    fieldsV1: {},
    ...(write.subresource === undefined ? {} : { subresource: write.subresource }),
  };
  draft.metadata.managedFields = [...others, entry];
}
