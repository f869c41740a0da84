import { ID_ALPHABET, ID_LENGTH, type IdGenerator } from '@dogwatch/core';

/** Ids in a fixed order: `222222`, `322222`, `422222` and so on; the first characters differ, so that prefixes tell them apart. */
export class SequenceIds implements IdGenerator {
  constructor(private count = 0) {}

  next(): string {
    let rest = this.count++;
    let id = '';
    while (id.length < ID_LENGTH) {
      id += ID_ALPHABET[rest % ID_ALPHABET.length];
      rest = Math.floor(rest / ID_ALPHABET.length);
    }
    return id;
  }
}
