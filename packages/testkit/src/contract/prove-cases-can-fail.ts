import {
  applicableCases,
  runCase,
  type ContractHarness,
  type ContractRunner,
  type ContractSuite,
} from './contract-suite.js';

/** An implementation that breaks a promise on purpose. */
export interface BrokenImplementation<S> {
  /** What is wrong with it: `forgets the summaries`. */
  readonly name: string;
  readonly harness: ContractHarness<S>;
  /** The cases that must notice. */
  readonly fails: readonly string[];
}

/** Names the cases that a subject fails, of all that apply or of those named in `among`. */
export async function findFailingCases<S>(
  suite: ContractSuite<S>,
  harness: ContractHarness<S>,
  among?: readonly string[],
): Promise<readonly string[]> {
  const failing: string[] = [];
  for (const one of applicableCases(suite, harness)) {
    if (among !== undefined && !among.includes(one.name)) continue;
    const passed = await runCase(one, harness).then(
      () => true,
      () => false,
    );
    if (!passed) failing.push(one.name);
  }
  return failing;
}

/**
 * Declares tests which show that every case of a suite can fail: each broken implementation fails the cases it names, and no
 * case is left that none of them names.
 */
export function proveCasesCanFail<S>(
  suite: ContractSuite<S>,
  broken: readonly BrokenImplementation<S>[],
  runner: ContractRunner = globalThis as unknown as ContractRunner,
): void {
  runner.describe(`the contract of ${suite.name} notices an implementation that`, () => {
    for (const { name, harness, fails } of broken) {
      runner.it(name, async () => {
        const failing = new Set(await findFailingCases(suite, harness, fails));
        const passed = fails.filter((expected) => !failing.has(expected));
        if (passed.length > 0) throw new Error(`Passed although it ${name}: '${passed.join("', '")}'.`);
      });
    }
    runner.it('breaks any of its cases', async () => {
      const proven = new Set(broken.flatMap((one) => one.fails));
      const names = suite.cases.map((one) => one.name);
      const unproven = names.filter((name) => !proven.has(name));
      const unknown = [...proven].filter((name) => !names.includes(name));
      if (unproven.length > 0) throw new Error(`No broken implementation fails: '${unproven.join("', '")}'.`);
      if (unknown.length > 0) throw new Error(`There is no case: '${unknown.join("', '")}'.`);
    });
  });
}
