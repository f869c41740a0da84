/** How Playwright launches Chromium; a structural copy, so that the testkit needs no browser library. */
export interface ChromiumOptions {
  readonly executablePath: string;
  readonly headless: boolean;
  readonly args: string[];
}

const quiet = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Launch options for a browser that talks to the test's own page and to nobody else. */
export function chromiumOptions(executablePath: string, userId = process.getuid?.()): ChromiumOptions {
  // Chromium refuses to start as root with its sandbox on
  const args = userId === 0 ? ['--no-sandbox', ...quiet] : [...quiet];
  return { executablePath, headless: true, args };
}
