import { definePort } from '../di/define-port.js';

/** The characters of an id: no 0/o, 1/i/l, so that people can read them aloud. */
export const ID_ALPHABET = '23456789abcdefghjkmnpqrstuvwxyz';

/** Characters in an id of an incident, run or approval. */
export const ID_LENGTH = 6;

/** Makes ids for incidents, runs and approvals. Uniqueness is the log's: an append that reuses one is refused. */
export interface IdGenerator {
  /** `ID_LENGTH` random characters of `ID_ALPHABET`. */
  next(): string;
}
export const IdGenerator = definePort<IdGenerator>('core.IdGenerator');
