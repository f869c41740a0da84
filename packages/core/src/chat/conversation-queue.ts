/** Runs tasks of one key one after the other, tasks of different keys beside each other. */
export class ConversationQueue {
  private readonly tails = new Map<string, Promise<void>>();

  /** Resolves or rejects as the task does, after all earlier tasks of the key have ended. */
  async run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.tails.get(key) ?? Promise.resolve();
    const result = before.then(task);
    const tail = result.then(
      () => undefined,
      () => undefined,
    );
    this.tails.set(key, tail);
    try {
      return await result;
    } finally {
      if (this.tails.get(key) === tail) this.tails.delete(key);
    }
  }

  /** Resolves when every task of the key that was asked for so far has ended. */
  async ended(key: string): Promise<void> {
    await this.tails.get(key);
  }
}
