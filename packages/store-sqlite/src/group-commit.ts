import type { SqliteConnection } from './sqlite-connection.js';

const maxGroup = 256;

interface WaitingWrite {
  run(connection: SqliteConnection, isAlone: boolean): void;
  readonly commit: () => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Gives writes that are asked for at about the same time one transaction, and so one wait for the disk.
 *
 * Each write is a savepoint of its own: one that throws leaves nothing and does not touch the others. All promises are
 * settled after the commit; when the commit fails, all of them reject.
 */
export class GroupCommit {
  private waiting: WaitingWrite[] = [];
  private isScheduled = false;

  constructor(private readonly getConnection: () => SqliteConnection) {}

  /** Runs a synchronous write in the next group; resolves with what it answered when that is on the disk. */
  write<T>(body: (connection: SqliteConnection) => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let settle = (): void => reject(new Error('The write was not run.'));
      this.waiting.push({
        run: (connection, isAlone) => {
          const answer = isAlone ? { ok: true as const, value: body(connection) } : attempt(connection, body);
          settle = answer.ok ? () => resolve(answer.value) : () => reject(answer.error as Error);
        },
        commit: () => settle(),
        fail: reject,
      });
      this.schedule();
    });
  }

  /** Commits all that waits, now. */
  flush(): void {
    while (this.waiting.length > 0) this.commitGroup();
  }

  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      this.commitGroup();
      if (this.waiting.length > 0) this.schedule();
    });
  }

  private commitGroup(): void {
    const group = this.waiting.splice(0, maxGroup);
    if (group.length === 0) return;
    try {
      const connection = this.getConnection();
      connection.transaction(() => {
        // A write that is alone may take the whole transaction down with it.
        const isAlone = group.length === 1;
        for (const write of group) write.run(connection, isAlone);
      });
    } catch (error) {
      for (const write of group) write.fail(error);
      return;
    }
    for (const write of group) write.commit();
  }
}

type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

function attempt<T>(connection: SqliteConnection, body: (connection: SqliteConnection) => T): Answer<T> {
  try {
    return { ok: true, value: connection.savepoint(() => body(connection)) };
  } catch (error) {
    // SQLite gave up the whole transaction, so nothing of the group is left.
    if (!connection.isInTransaction) throw error;
    return { ok: false, error };
  }
}
