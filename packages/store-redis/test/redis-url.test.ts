import assert from 'node:assert/strict';
import { parseRedisUrl, type RedisTarget } from '@dogwatch/store-redis';

function target(url: string): RedisTarget {
  const parsed = parseRedisUrl(url);
  assert.ok(parsed.ok, `'${url}' was refused`);
  return parsed.target;
}

const plain: RedisTarget = {
  kind: 'single',
  nodes: [{ host: 'redis', port: 6379 }],
  hasTls: false,
  username: null,
  password: null,
  database: 0,
  masterName: null,
  sentinelPassword: null,
};

describe('the URL of a Redis', () => {
  it('names one server, with defaults for all but its host', () => {
    assert.deepEqual(target('redis://redis'), plain);
    assert.deepEqual(target('redis://redis:7000/3'), {
      ...plain,
      nodes: [{ host: 'redis', port: 7000 }],
      database: 3,
    });
    assert.deepEqual(target('redis://[::1]:7000').nodes, [{ host: '::1', port: 7000 }]);
  });

  it('may have a user and a password, with escapes, or a password alone', () => {
    const both = target('redis://dog:p%40ss%2F%3A@redis');
    assert.deepEqual([both.username, both.password], ['dog', 'p@ss/:']);
    const alone = target('redis://:secret@redis');
    assert.deepEqual([alone.username, alone.password], [null, 'secret']);
  });

  it('asks for TLS with rediss', () => {
    assert.equal(target('rediss://redis:6380').hasTls, true);
    assert.equal(target('rediss+cluster://redis').hasTls, true);
    assert.equal(target('rediss+sentinel://redis/main').hasTls, true);
  });

  it('names sentinels and what they call the master', () => {
    assert.deepEqual(target('redis+sentinel://:pw@one,two:26380/mymaster/2?sentinelPassword=other'), {
      ...plain,
      kind: 'sentinel',
      nodes: [
        { host: 'one', port: 26379 },
        { host: 'two', port: 26380 },
      ],
      password: 'pw',
      database: 2,
      masterName: 'mymaster',
      sentinelPassword: 'other',
    });
  });

  it('names nodes of a cluster', () => {
    const cluster = target('redis+cluster://one:7000,two');
    assert.equal(cluster.kind, 'cluster');
    assert.deepEqual(cluster.nodes, [
      { host: 'one', port: 7000 },
      { host: 'two', port: 6379 },
    ]);
  });

  const mistakes: readonly (readonly [string, RegExp])[] = [
    ['', /must look like/],
    ['redis', /must look like/],
    ['http://redis', /must look like/],
    ['redis+magic://redis', /must look like/],
    ['redis://redis:0', /host:port/],
    ['redis://redis:70000', /host:port/],
    ['redis://one,two', /several hosts/],
    ['redis://redis/main', /number of a database/],
    ['redis://redis/0/1', /number of a database/],
    ['redis+cluster://one/1', /only database 0/],
    ['redis+sentinel://one', /name the master/],
    ['redis://redis?tls=true', /'tls'/],
    ['redis://a%zz:secret@redis', /stray %/],
  ];
  for (const [url, reason] of mistakes) {
    it(`is refused as '${url}', without being shown`, () => {
      const parsed = parseRedisUrl(url);
      assert.ok(!parsed.ok);
      assert.match(parsed.reason, reason);
      assert.ok(!parsed.reason.includes('secret'));
    });
  }
});
