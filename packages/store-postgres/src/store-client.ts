import pg from 'pg';
import type { PostgresStoreConfig } from './config.js';

type Connected = (error?: Error) => void;

/**
 * Makes the class of this store's connections. Their time limits are set once they are connected: poolers such as PgBouncer
 * refuse them as parameters of the start. A connection that breaks is no event: whatever runs on it fails, and that is enough.
 */
export function storeClientClass({ statementTimeoutMs, connectTimeoutMs }: PostgresStoreConfig): typeof pg.Client {
  const limits = `SET statement_timeout = ${statementTimeoutMs}; SET idle_in_transaction_session_timeout = ${statementTimeoutMs}`;

  class StoreClient extends pg.Client {
    constructor(options?: string | pg.ClientConfig) {
      super(options);
      // Without a listener it would end the process.
      this.on('error', () => undefined);
    }

    override connect(): Promise<this>;
    override connect(callback: Connected): void;
    override connect(callback?: Connected): Promise<this> | void {
      const connected = this.connectWithLimits();
      if (callback === undefined) return connected;
      connected.then(() => callback(), callback);
    }

    private async connectWithLimits(): Promise<this> {
      await super.connect();
      try {
        await this.query({ text: limits, query_timeout: connectTimeoutMs } as pg.QueryConfig);
        return this;
      } catch (error) {
        // Whoever is told that it is not connected does not end it.
        await this.end();
        throw error;
      }
    }
  }
  return StoreClient;
}
