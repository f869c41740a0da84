import assert from 'node:assert/strict';
import {
  findFailingCases,
  proveCasesCanFail,
  runContract,
  type ContractRunner,
  type ContractSuite,
} from '@dogwatch/testkit';

const suite: ContractSuite<number> = {
  name: 'Number',
  cases: [
    { name: 'is positive', run: (value) => assert.ok(value > 0) },
    { name: 'is whole', needs: 'whole', run: (value) => assert.ok(Number.isInteger(value)) },
  ],
};

function recordingRunner(): { runner: ContractRunner; tests: Map<string, () => Promise<void>> } {
  const tests = new Map<string, () => Promise<void>>();
  return { tests, runner: { describe: (_name, body) => body(), it: (name, body) => void tests.set(name, body) } };
}

describe('runContract', () => {
  it('declares no test for a capability that is not declared', () => {
    const { runner, tests } = recordingRunner();
    runContract(suite, 'one and a half', { harness: { create: () => 1.5 }, runner });
    assert.deepEqual([...tests.keys()], ['is positive']);
  });

  it('clears away the subject of a case that failed', async () => {
    const { runner, tests } = recordingRunner();
    const destroyed: number[] = [];
    const harness = { create: () => -1, destroy: (value: number) => void destroyed.push(value) };
    runContract(suite, 'minus one', { harness, runner });
    await assert.rejects(tests.get('is positive') as () => Promise<void>);
    assert.deepEqual(destroyed, [-1]);
  });

  it('refuses a capability that no case needs', () => {
    const { runner } = recordingRunner();
    const harness = { create: () => 1, capabilities: ['hole'] };
    assert.throws(() => runContract(suite, 'one', { harness, runner }), /knows no capability 'hole'. It knows: whole/);
  });
});

describe('proveCasesCanFail', () => {
  const whole = { create: () => -1, capabilities: ['whole'] };

  it('fails for a broken implementation that passes', async () => {
    const { runner, tests } = recordingRunner();
    proveCasesCanFail(suite, [{ name: 'is negative', harness: whole, fails: ['is whole'] }], runner);
    await assert.rejects(tests.get('is negative') as () => Promise<void>, /Passed although it is negative: 'is whole'/);
  });

  it('fails for a case that nothing was shown to fail', async () => {
    const { runner, tests } = recordingRunner();
    proveCasesCanFail(suite, [{ name: 'is negative', harness: whole, fails: ['is positive'] }], runner);
    await assert.doesNotReject(tests.get('is negative') as () => Promise<void>);
    await assert.rejects(tests.get('breaks any of its cases') as () => Promise<void>, /fails: 'is whole'/);
  });

  it('tells which cases fail', async () => {
    assert.deepEqual(await findFailingCases(suite, whole), ['is positive']);
  });
});
