/** One step from a version of the database's shape to the next, and back; each in a transaction of its own. */
export interface Migration {
  /** 1, 2, 3 … without gaps. */
  readonly version: number;
  readonly name: string;
  readonly up: string;
  /** Undoes `up`, and with it what was stored in it. */
  readonly down: string;
}
