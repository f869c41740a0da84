import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ClusterControl } from '@dogwatch/testkit';
import { chromiumOptions, findProgram, needsClusterControl, needsProgram, needsRealCluster } from '@dogwatch/testkit';

class FakeTestProcess {
  output = '';
  readonly tests: { name: string; body: () => void }[] = [];
  readonly stderr = { write: (text: string): void => void (this.output += text) };
  private readonly listeners: (() => void)[] = [];

  constructor(readonly env: Record<string, string>) {}

  once(_event: 'exit', listener: () => void): void {
    this.listeners.push(listener);
  }

  readonly it = (name: string, body: () => void): void => void this.tests.push({ name, body });

  exit(): string {
    for (const listener of this.listeners) listener();
    return this.output;
  }
}

const chromium = { name: 'chromium', install: 'sudo apt-get install chromium' };

describe('what a suite needs of the machine', () => {
  let folder = '';

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'requirements-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function program(testProcess: FakeTestProcess, name = 'chromium'): string[] {
    const defined: string[] = [];
    needsProgram({ ...chromium, name }, testProcess, (file) => defined.push(file), testProcess.it);
    return defined;
  }

  function cluster(testProcess: FakeTestProcess): string[] {
    const defined: string[] = [];
    needsRealCluster(testProcess, (file) => defined.push(file), testProcess.it);
    return defined;
  }

  function clusterControl(testProcess: FakeTestProcess): readonly ClusterControl[] {
    const defined: ClusterControl[] = [];
    needsClusterControl(testProcess, (control) => defined.push(control), testProcess.it);
    return defined;
  }

  it('defines a suite whose program is in PATH, with the program', () => {
    const file = path.join(folder, 'chromium');
    writeFileSync(file, '');
    chmodSync(file, 0o755);
    const testProcess = new FakeTestProcess({ PATH: `/nowhere:${folder}`, CI: 'true' });
    assert.deepEqual(program(testProcess), [file]);
    assert.deepEqual(testProcess.tests, []);
    assert.equal(testProcess.exit(), '');
  });

  it('takes neither a folder nor a file without the right to execute for a program', () => {
    mkdirSync(path.join(folder, 'chromium'));
    writeFileSync(path.join(folder, 'prometheus'), '', { mode: 0o644 });
    assert.equal(findProgram('chromium', folder), null);
    assert.equal(findProgram('prometheus', folder), null);
  });

  it('leaves a suite out aloud, once the run is over, with the line that installs the program', () => {
    const testProcess = new FakeTestProcess({ PATH: folder });
    assert.deepEqual([...program(testProcess), ...program(testProcess)], []);
    assert.equal(testProcess.output, '');
    assert.equal(
      testProcess.exit(),
      "LEFT OUT: 2 suites. 'chromium' is not installed. Install it with: sudo apt-get install chromium\n",
    );
    assert.deepEqual(testProcess.tests, []);
  });

  it('fails under CI when a program is missing', () => {
    const testProcess = new FakeTestProcess({ PATH: folder, CI: 'true' });
    assert.deepEqual(program(testProcess, 'no-such-program'), []);
    assert.throws(() => testProcess.tests[0]?.body(), /'no-such-program' is not installed/);
  });

  it('defines a real-cluster suite with the kubeconfig of the variable', () => {
    const file = path.join(folder, 'kubeconfig');
    writeFileSync(file, '');
    const testProcess = new FakeTestProcess({ DOGWATCH_TEST_KUBECONFIG: file, CI: 'true' });
    assert.deepEqual(cluster(testProcess), [file]);
    assert.deepEqual(testProcess.tests, []);
  });

  it('leaves a real-cluster suite out aloud where the variable is not set', () => {
    const testProcess = new FakeTestProcess({});
    assert.deepEqual(cluster(testProcess), []);
    assert.match(testProcess.exit(), /^LEFT OUT: a suite\. No real cluster\..*DOGWATCH_TEST_KUBECONFIG=/);
    assert.deepEqual(testProcess.tests, []);
  });

  it('fails under CI when no real cluster is named', () => {
    const testProcess = new FakeTestProcess({ CI: 'true' });
    assert.deepEqual(cluster(testProcess), []);
    assert.throws(() => testProcess.tests[0]?.body(), /No real cluster/);
  });

  it('fails everywhere when the variable names a file that does not exist', () => {
    const testProcess = new FakeTestProcess({ DOGWATCH_TEST_KUBECONFIG: path.join(folder, 'gone') });
    assert.deepEqual(cluster(testProcess), []);
    assert.throws(() => testProcess.tests[0]?.body(), /gone', which does not exist/);
  });

  it('hands a suite the control of the cluster, which runs the named program and rejects with it', async () => {
    const file = path.join(folder, 'cluster');
    writeFileSync(file, '#!/bin/sh\necho "$1 $2" >>"$0.log"\n[ "$2" != etcd ]\n', { mode: 0o755 });
    const testProcess = new FakeTestProcess({ DOGWATCH_TEST_CLUSTER_CONTROL: file, CI: 'true' });
    const [control] = clusterControl(testProcess);
    await control?.('stop', 'kubelet-2');
    await assert.rejects(async () => control?.('pause', 'etcd'));
    assert.equal(readFileSync(`${file}.log`, 'utf8'), 'stop kubelet-2\npause etcd\n');
    assert.deepEqual(testProcess.tests, []);
  });

  it('leaves a suite that stops parts of the cluster out aloud, and fails under CI, when no program is named', () => {
    const testProcess = new FakeTestProcess({ CI: 'true' });
    assert.deepEqual(clusterControl(testProcess), []);
    assert.match(testProcess.exit(), /^LEFT OUT: a suite\..*DOGWATCH_TEST_CLUSTER_CONTROL/);
    assert.throws(() => testProcess.tests[0]?.body(), /No program that stops parts/);
  });

  it('fails everywhere when the named program of the cluster does not exist', () => {
    const testProcess = new FakeTestProcess({ DOGWATCH_TEST_CLUSTER_CONTROL: path.join(folder, 'gone') });
    assert.deepEqual(clusterControl(testProcess), []);
    assert.throws(() => testProcess.tests[0]?.body(), /gone', which does not exist/);
  });

  it('switches the sandbox of Chromium off for root alone', () => {
    assert.ok(chromiumOptions('/usr/bin/chromium', 0).args.includes('--no-sandbox'));
    assert.ok(!chromiumOptions('/usr/bin/chromium', 1000).args.includes('--no-sandbox'));
  });
});
