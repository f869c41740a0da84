import { needsPostgres, needsRedis } from '@dogwatch/testkit';
import { fileStore, postgresAndRedis, postgresStore } from './crash-stores.js';
import { defineCrashSuite } from './define-crash-suite.js';

const alone = [''];
const divided = ['api', 'watch', 'worker'];

// Ordinary runs try every 15th append, in each column others, which takes some 280 s of processor time for all of them, and leave
// out what another column has as well. DOGWATCH_TEST_CRASH_STRIDE asks for all columns; `npm run soak -- crash-matrix` sets it to 1,
// for every append.
const asked = process.env['DOGWATCH_TEST_CRASH_STRIDE'];
const hasAllColumns = asked !== undefined;
const stride = Number(asked ?? '15');

defineCrashSuite({ name: 'with SQLite', roles: alone, stores: fileStore, sample: { stride, offset: 0 } });

needsPostgres(process, (postgres) => {
  const database = () => postgresStore(postgres);
  defineCrashSuite({ name: 'with PostgreSQL', roles: alone, stores: database, sample: { stride, offset: 4 } });
  if (hasAllColumns) {
    defineCrashSuite({
      name: 'with PostgreSQL, one process for each role',
      roles: divided,
      stores: database,
      sample: { stride, offset: 9 },
    });
  }
  needsRedis(process, (redis) => {
    const both = () => postgresAndRedis({ postgres, redis });
    defineCrashSuite({ name: 'with PostgreSQL and Redis', roles: alone, stores: both, sample: { stride, offset: 11 } });
    defineCrashSuite({
      name: 'with PostgreSQL and Redis, one process for each role',
      roles: divided,
      stores: both,
      sample: { stride, offset: 7 },
    });
  });
});
