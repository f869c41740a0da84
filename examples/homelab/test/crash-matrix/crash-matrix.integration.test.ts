import { needsPostgres, needsRedis } from '@dogwatch/testkit';
import { fileStore, postgresAndRedis, postgresStore } from './crash-stores.js';
import { defineCrashSuite } from './define-crash-suite.js';

const alone = [''];
const divided = ['api', 'watch', 'worker'];

// Ordinary runs try every 11th point, which keeps all columns together below four minutes on two cores; `npm run soak --
// crash-matrix` tries all of them, by DOGWATCH_TEST_CRASH_STRIDE=1. An odd stride takes both moments in turn.
const stride = Number(process.env['DOGWATCH_TEST_CRASH_STRIDE'] ?? '11');

defineCrashSuite({ name: 'with SQLite', roles: alone, stores: fileStore, stride });

needsPostgres(process, (postgres) => {
  const database = () => postgresStore(postgres);
  defineCrashSuite({ name: 'with PostgreSQL', roles: alone, stores: database, stride });
  defineCrashSuite({ name: 'with PostgreSQL, one process for each role', roles: divided, stores: database, stride });
  needsRedis(process, (redis) => {
    const both = () => postgresAndRedis({ postgres, redis });
    defineCrashSuite({ name: 'with PostgreSQL and Redis', roles: alone, stores: both, stride });
  });
});
