import { ConversationQueue } from './conversation-queue.js';

/**
 * The order in which is done what one person says in one place; different people and places never wait for each other.
 *
 * Prompt words (decisions, commands) wait for earlier prompt words alone: an answer that takes minutes must not hold a
 * decision up until it is too late. All other words wait for everything before them, for they may be about it.
 */
export class ConversationLanes {
  private readonly queue = new ConversationQueue();

  /** Resolves or rejects as the task does, once it was its turn. */
  run<T>(conversation: string, isPrompt: boolean, task: () => Promise<T>): Promise<T> {
    const promptLane = `prompt ${conversation}`;
    if (isPrompt) return this.queue.run(promptLane, task);
    const earlier = this.queue.ended(promptLane);
    return this.queue.run(`plain ${conversation}`, async () => {
      await earlier;
      return task();
    });
  }

  /** The same for what is told of prompt words: in order, and holding nobody up who has more to say. */
  tell<T>(conversation: string, task: () => Promise<T>): Promise<T> {
    return this.queue.run(`told ${conversation}`, task);
  }
}
