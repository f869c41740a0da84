import type { NodeObject } from '@dogwatch/core';
import { readObject, type RawObject } from './read-fields.js';
import type { TextPool } from './text-pool.js';
import { extendBase, trimBase, trimConditions } from './trim-base.js';

/** Trims a node. */
export function trimNode(raw: RawObject, pool: TextPool): NodeObject {
  return extendBase(trimBase('Node', raw, pool), {
    unschedulable: readObject(raw.spec).unschedulable === true,
    conditions: trimConditions(readObject(raw.status), pool),
  });
}
