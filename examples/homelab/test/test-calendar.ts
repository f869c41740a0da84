import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { HomelabProcess } from './homelab-process.js';
import { until } from './homelab-process.js';

/** The time of day that a test, its fakes and the app that it started agree on, and that it can put forward. */
export class TestCalendar {
  /** How an app is started that goes by it. */
  readonly nodeFlags = [`--import=${fileURLToPath(new URL('./shifted-time.js', import.meta.url))}`];
  readonly env: Readonly<Record<string, string>>;
  private aheadMs = 0;

  constructor(private readonly file: string) {
    this.env = { DOGWATCH_TEST_CLOCK_FILE: file };
    this.write();
  }

  now(): number {
    return Date.now() + this.aheadMs;
  }

  /** Resolves when the app, too, is so much later. */
  async putForward(minutes: number, app: HomelabProcess): Promise<void> {
    this.aheadMs += minutes * 60_000;
    this.write();
    process.kill(app.pid, 'SIGUSR2');
    const isShifted = (line: Readonly<Record<string, unknown>>): boolean =>
      line['event'] === 'clock-shifted' && line['ahead_ms'] === this.aheadMs;
    await until('the app has the new time', () => Promise.resolve(app.lines.some(isShifted)), { pauseMs: 10 });
  }

  private write(): void {
    writeFileSync(this.file, String(this.aheadMs));
  }
}
