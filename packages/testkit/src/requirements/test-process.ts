/** What a requirement reads of the process that runs the tests: hand it Node's `process`. */
export interface TestProcess {
  /** `PATH`, `CI`, `DOGWATCH_TEST_KUBECONFIG` and `DOGWATCH_TEST_CLUSTER_CONTROL` are read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where left-out suites are announced. */
  readonly stderr: { write(text: string): unknown };
  /** Announcements wait for the end, where nobody overlooks them. */
  once(event: 'exit', listener: () => void): unknown;
}

/** Defines one test; mocha's `it` fits. */
export type DefineTest = (name: string, body: () => void) => void;

/** The runner's global `it`, for suites that were not given one. */
export function globalTest(): DefineTest {
  const { it } = globalThis as { it?: DefineTest };
  if (it === undefined)
    throw new Error('No global it was found. Run the suite under mocha, or pass an it of your own.');
  return it;
}
