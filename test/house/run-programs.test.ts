import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from './lint-snippet.js';

const runner = path.join(root, 'build/programs/run-programs.js');
const report = (measurement: object): string =>
  `process.send(${JSON.stringify({ type: 'measurement', ...measurement })});\n`;

describe('the runner of benches and soaks', () => {
  let folder = '';

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'programs-'));
    mkdirSync(path.join(folder, 'bench/dist'), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function program(name: string, code: string): void {
    writeFileSync(path.join(folder, 'bench/dist', `${name}.bench.js`), code);
  }

  function run(...names: string[]): { status: number | null; stdout: string; stderr: string } {
    return spawnSync(process.execPath, [runner, 'bench', '--root', folder, ...names], { encoding: 'utf8' });
  }

  it('fails when there is nothing to run', () => {
    const { status, stderr } = run();
    assert.deepEqual([status, stderr], [1, "'bench' has no program: write a 'bench/<name>.bench.ts'.\n"]);
  });

  it('prints measured value, baseline, ratio and aim of every program', () => {
    const aim = { atMost: 2 };
    program('detection', report({ name: 'p99', unit: 'ms', measured: 30, baseline: 20, aim }));
    program('memory', report({ name: 'RSS', unit: 'MB', measured: 150, aim: { atMost: 130 } }));
    const { status, stdout } = run();
    assert.equal(status, 0);
    assert.match(stdout, /^detection: p99 +30 ms +20 ms +1\.5 +≤ 2 met$/m);
    assert.match(stdout, /^memory: RSS +150 MB +≤ 130 MISSED$/m);
  });

  it('holds a lower bound against the ratio', () => {
    program('log', report({ name: 'appends', unit: '/s', measured: 400, baseline: 1000, aim: { atLeast: 0.5 } }));
    assert.match(run().stdout, /0\.4 +≥ 0\.5 MISSED$/m);
  });

  it('runs only the programs that are named', () => {
    program('first', report({ name: 'x', unit: 's', measured: 1 }));
    program('second', 'process.exit(7);\n');
    assert.equal(run('first').status, 0);
  });

  it('lists the known programs when it is given an unknown one', () => {
    program('first', '');
    const { status, stderr } = run('frist');
    assert.deepEqual([status, stderr], [1, "No program is named 'frist'. Known: first.\n"]);
  });

  it('fails when a program breaks, and still runs and shows the others', () => {
    program('broken', "throw new Error('no cluster');\n");
    program('whole', report({ name: 'x', unit: 's', measured: 1 }));
    const { status, stdout, stderr } = run();
    assert.equal(status, 1);
    assert.match(stderr, /broken ended with 1\./);
    assert.match(stdout, /whole: x/);
  });

  it('fails when a bench measures nothing', () => {
    program('idle', '');
    const { status, stderr } = run();
    assert.deepEqual([status, stderr], [1, 'idle measured nothing.\n']);
  });
});
