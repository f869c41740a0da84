import type { App, Logger } from '@dogwatch/core';

/** What happens around the life of an app. */
export interface RunOptions {
  readonly logger: Logger;
  onReady(): void;
}

function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  });
}

/** Starts the app and stops it at SIGTERM or SIGINT; a second signal ends the process at once. Resolves to the exit code. */
export async function runUntilSignal(app: App, { logger, onReady }: RunOptions): Promise<number> {
  const signalled = nextSignal();
  const started = app.start();
  // A signal during the start stops what has started; the start then rejects, and that is no failure.
  const first = await Promise.race([started.then(() => null), signalled]);
  if (first === null) onReady();
  const signal = first ?? (await signalled);
  for (const again of ['SIGTERM', 'SIGINT'] as const) process.once(again, () => process.exit(1));
  logger.info('stopping', 'Dogwatch was asked to stop', { signal });
  await app.stop();
  await started.catch(() => undefined);
  logger.info('stopped', 'Dogwatch has stopped');
  return 0;
}
