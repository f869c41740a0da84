import type { RedisClient } from './create-client.js';

type Command = (...parameters: readonly (string | number)[]) => Promise<unknown>;

/** A script that Redis runs as one step; sent whole only to a server that does not know it (any more). */
export class RedisScript {
  constructor(
    private readonly name: string,
    private readonly keys: number,
    private readonly lua: string,
  ) {}

  /** Runs it with its keys first, then its arguments. */
  async run(client: RedisClient, ...parameters: readonly (string | number)[]): Promise<unknown> {
    const commands = client as unknown as Record<string, Command | undefined>;
    if (commands[this.name] === undefined) {
      client.defineCommand(this.name, { numberOfKeys: this.keys, lua: this.lua });
    }
    return (commands[this.name] as Command).call(client, ...parameters);
  }
}
