/** Which sibling packages each package may import. Whatever is not listed may import `core` alone. */
export const packageGraph = {
  core: [],
  aiops: ['core'],
  kubernetes: ['core'],
  mcp: ['core'],
  testkit: ['core'],
  cli: ['core'],
  'llm-openai': ['core'],
  'channel-slack': ['core'],
  'channel-telegram': ['core'],
  'channel-web': ['core'],
  'store-sqlite': ['core'],
  'store-postgres': ['core'],
  'store-redis': ['core'],
};

/** Packages that reach the others through dynamic import, because a user may not have installed them. */
export const dynamicImporters = ['cli'];

/** The one folder that may import each vendor SDK; a trailing `*` stands for every package of that prefix. */
export const vendorOwners = {
  tsyringe: 'packages/core/src/di',
  'reflect-metadata': 'packages/core/src/di',
  koa: 'packages/core/src/http',
  'koa-*': 'packages/core/src/http',
  '@koa/*': 'packages/core/src/http',
  bunyan: 'packages/core/src/logging',
  'prom-client': 'packages/core/src/metrics',
  ajv: 'packages/core/src',
  '@kubernetes/*': 'packages/kubernetes/src',
  '@modelcontextprotocol/*': 'packages/mcp/src',
  openai: 'packages/llm-openai/src',
  '@slack/*': 'packages/channel-slack/src',
  telegraf: 'packages/channel-telegram/src',
  libsql: 'packages/store-sqlite/src',
  typeorm: 'packages/store-postgres/src',
  pg: 'packages/store-postgres/src',
  ioredis: 'packages/store-redis/src',
  bullmq: 'packages/store-redis/src',
  commander: 'packages/cli/src',
};

/**
 * Packages whose tests may import any vendor SDK: what the testkit simulates is proven against the unmodified client.
 * Every other package's tests are held to the SDKs that the package itself owns.
 */
export const freeTestPackages = ['testkit'];
