import assert from 'node:assert/strict';
import { needsPostgres, PostgresServer } from '@dogwatch/testkit';

needsPostgres(process, (program) => {
  describe('PostgresServer', () => {
    let server: PostgresServer;
    before(async () => (server = await PostgresServer.start(program)));
    after(() => server.remove());

    it('answers on its own address, and in databases of their own', async () => {
      const other = await server.createDatabase();
      await server.query('CREATE TABLE one (id int)', other);
      assert.equal(await server.query("SELECT to_regclass('one') IS NULL"), 't');
      assert.equal(await server.query("SELECT to_regclass('one') IS NULL", other), 'f');
    });

    it('is gone after it was killed, and has what was committed when it runs again', async () => {
      await server.query('CREATE TABLE kept (id int); INSERT INTO kept VALUES (7)');
      await server.kill9();
      await assert.rejects(server.query('SELECT 1'), /Connection refused/);
      await server.restart();
      assert.equal(await server.query('SELECT id FROM kept'), '7');
      await server.stop();
      await server.restart();
      assert.equal(await server.query('SELECT id FROM kept'), '7');
    });
  });
});
