// Loaded with --import before the app: its calendar is ahead of the machine's by as much as a file says. SIGUSR2 has the file read
// anew, and a line on stdout says that it is done, so that a test can let minutes pass without waiting for them.
import { readFileSync } from 'node:fs';

const file = process.env['DOGWATCH_TEST_CLOCK_FILE'] ?? '';
const RealDate = Date;
let aheadMs = 0;

function read(): void {
  aheadMs = Number(readFileSync(file, 'utf8'));
}

class ShiftedDate extends RealDate {
  constructor(...parameters: readonly unknown[]) {
    // `new Date()` alone asks for the time.
    super(...((parameters.length === 0 ? [ShiftedDate.now()] : parameters) as [number]));
  }

  static override now(): number {
    return RealDate.now() + aheadMs;
  }
}

read();
globalThis.Date = ShiftedDate as DateConstructor;
process.on('SIGUSR2', () => {
  read();
  process.stdout.write(`${JSON.stringify({ event: 'clock-shifted', ahead_ms: aheadMs })}\n`);
});
