// Loaded with --import before a program: its whole world runs faster, by a factor and from a moment that all programs of a test
// share, so that a wait of a minute takes seconds and clocks still agree with each other and across restarts.
const speed = Number(process.env['DOGWATCH_TEST_SPEED'] ?? '1');
const epoch = Number(process.env['DOGWATCH_TEST_EPOCH'] ?? '0');
const RealDate = Date;
const real = { setTimeout: globalThis.setTimeout, setInterval: globalThis.setInterval };

const fastNow = (): number => Math.floor(epoch + (RealDate.now() - epoch) * speed);

class FastDate extends RealDate {
  constructor(...parameters: readonly unknown[]) {
    // `new Date()` alone asks for the time.
    super(...((parameters.length === 0 ? [fastNow()] : parameters) as [number]));
  }

  static override now(): number {
    return fastNow();
  }
}

globalThis.Date = FastDate as DateConstructor;
globalThis.setTimeout = ((callback: () => void, delayMs = 0, ...rest: unknown[]) =>
  real.setTimeout(callback, delayMs / speed, ...(rest as []))) as typeof setTimeout;
globalThis.setInterval = ((callback: () => void, delayMs = 0, ...rest: unknown[]) =>
  real.setInterval(callback, delayMs / speed, ...(rest as []))) as typeof setInterval;
