import { randomInt } from 'node:crypto';
import { ID_ALPHABET, ID_LENGTH } from '../ports/id-generator.js';
import type { IdGenerator } from '../ports/id-generator.js';

/** Makes ids from the operating system's randomness, so that nobody guesses the next one. */
export class RandomIdGenerator implements IdGenerator {
  next(): string {
    return Array.from({ length: ID_LENGTH }, () => ID_ALPHABET[randomInt(ID_ALPHABET.length)]).join('');
  }
}
