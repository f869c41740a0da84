import { Secret } from '@dogwatch/core';
import { PooledDatabase, PostgresIncidentLog, type PostgresStoreConfig } from '@dogwatch/store-postgres';
import { PostgresServer } from '@dogwatch/testkit';

/** The settings as shipped, for a database at an address. */
export function configFor(url: string, overrides: Partial<PostgresStoreConfig> = {}): PostgresStoreConfig {
  return {
    url: new Secret(url),
    poolSize: 5,
    statementTimeoutMs: 30_000,
    connectTimeoutMs: 5_000,
    ssl: 'url',
    sslCaFile: null,
    migrate: true,
    ...overrides,
  };
}

/** An open store in a database. */
export interface OpenStore {
  readonly url: string;
  readonly database: PooledDatabase;
  readonly log: PostgresIncidentLog;
}

/** Opens a store in a database at an address. */
export async function openStoreAt(url: string, overrides: Partial<PostgresStoreConfig> = {}): Promise<OpenStore> {
  const database = new PooledDatabase(configFor(url, overrides));
  await database.open();
  return { url, database, log: new PostgresIncidentLog(database) };
}

/** The server of a test file: `before(server.start)`, `after(server.remove)`. */
export interface FileServer {
  start(): Promise<void>;
  remove(): Promise<void>;
  readonly current: PostgresServer;
  /** Opens a store in a database of its own. */
  open(overrides?: Partial<PostgresStoreConfig>): Promise<OpenStore>;
}

/** Makes the server of a test file. */
export function fileServer(program: string): FileServer {
  let running: { readonly server: PostgresServer; readonly template: string } | null = null;
  const get = (): NonNullable<typeof running> => {
    if (running === null) throw new Error('The server of this file has not been started.');
    return running;
  };
  return {
    async start() {
      const server = await PostgresServer.start(program);
      const template = await server.createDatabase();
      // Copying what was migrated once is faster than migrating each time.
      await (await openStoreAt(template)).database.close();
      running = { server, template };
    },
    async remove() {
      await running?.server.remove();
    },
    get current() {
      return get().server;
    },
    async open(overrides) {
      const { server, template } = get();
      return openStoreAt(await server.createDatabase(template), overrides);
    },
  };
}
