/** One promise of a port, as a test. */
export interface ContractCase<S> {
  /** A sentence about behaviour, unique in its suite. */
  readonly name: string;
  /** The capability without which the case does not exist. */
  readonly needs?: string;
  /** Throws when the subject breaks the promise. */
  run(subject: S): Promise<void> | void;
}

/** All promises of a port. */
export interface ContractSuite<S> {
  /** The port: `IncidentLog`. */
  readonly name: string;
  readonly cases: readonly ContractCase<S>[];
}

/** How to get at an implementation. */
export interface ContractHarness<S> {
  /** Makes a fresh subject for one case. */
  create(): Promise<S> | S;
  /** Clears away what `create` made. */
  destroy?(subject: S): Promise<void> | void;
  /** What the implementation can do beyond what every one must. A case that needs more has no test. */
  readonly capabilities?: readonly string[];
}

/** The functions of a test runner that a suite needs; mocha's, vitest's and node's fit. */
export interface ContractRunner {
  describe(name: string, body: () => void): void;
  it(name: string, body: () => Promise<void>): void;
}

function globalRunner(): ContractRunner {
  const { describe, it } = globalThis as Partial<ContractRunner>;
  if (!describe || !it) {
    throw new Error(
      'The contract suite found no global describe and it. Run it under mocha, or give the runner as last parameter.',
    );
  }
  return { describe, it };
}

function checkSuite<S>(suite: ContractSuite<S>, harness: ContractHarness<S>): void {
  const names = suite.cases.map((one) => one.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`The contract of ${suite.name} has two cases named '${twice}'.`);
  const known = new Set(suite.cases.flatMap((one) => one.needs ?? []));
  const unknown = (harness.capabilities ?? []).filter((capability) => !known.has(capability));
  if (unknown.length > 0) {
    throw new Error(
      `The contract of ${suite.name} knows no capability '${unknown.join("', '")}'. It knows: ${[...known].join(', ') || 'none'}.`,
    );
  }
}

/** The cases that an implementation with the harness's capabilities must pass. */
export function applicableCases<S>(suite: ContractSuite<S>, harness: ContractHarness<S>): readonly ContractCase<S>[] {
  checkSuite(suite, harness);
  return suite.cases.filter((one) => one.needs === undefined || harness.capabilities?.includes(one.needs));
}

/** Runs one case on a subject of its own. */
export async function runCase<S>(one: ContractCase<S>, harness: ContractHarness<S>): Promise<void> {
  const subject = await harness.create();
  try {
    await one.run(subject);
  } finally {
    await harness.destroy?.(subject);
  }
}

/** Declares a test for every case that applies; `title` names the implementation. */
export function runContract<S>(
  suite: ContractSuite<S>,
  title: string,
  options: { readonly harness: ContractHarness<S>; readonly runner?: ContractRunner },
): void {
  const runner = options.runner ?? globalRunner();
  const cases = applicableCases(suite, options.harness);
  runner.describe(`${title} keeps the contract of ${suite.name}`, () => {
    for (const one of cases) runner.it(one.name, () => runCase(one, options.harness));
  });
}
