/**
 * Defines tests that all run at the same time, for a real cluster takes its time: they start with the first one that mocha
 * runs, and each reports its own outcome.
 */
export function concurrentTests(tests: Readonly<Record<string, () => Promise<void>>>): void {
  const outcomes = new Map<string, Promise<Error | null>>();
  before(function startAll() {
    for (const [name, run] of Object.entries(tests)) {
      outcomes.set(
        name,
        run().then(
          () => null,
          (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
        ),
      );
    }
  });
  for (const name of Object.keys(tests)) {
    it(name, async () => {
      const failure = await outcomes.get(name);
      if (failure !== null && failure !== undefined) throw failure;
    });
  }
}
