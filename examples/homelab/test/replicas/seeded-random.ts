import { createHash } from 'node:crypto';

/** Random numbers that a seed repeats. */
export class SeededRandom {
  private state: number;

  constructor(private readonly seed: number) {
    this.state = seed;
  }

  /** Numbers of its own for one concern, so that concerns which run at the same time do not take each other's. */
  fork(concern: string): SeededRandom {
    return new SeededRandom(createHash('sha256').update(`${this.seed} ${concern}`).digest().readUInt32LE());
  }

  /** From 0 to below 1. */
  next(): number {
    // mulberry32
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from 0 to below `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }
}
