import { HttpEndpoint } from '@dogwatch/core';
import type { App, Logger } from '@dogwatch/core';
import { isOnTerminal } from './local-terminal.js';

/** Says where the console is: a line in the log for programs, and a few on the terminal for people. */
export function announceReady(app: App, logger: Logger): void {
  const { url, accessToken } = app.get(HttpEndpoint);
  logger.info('ready', 'Dogwatch stands the watch', { url });
  if (!isOnTerminal()) return;
  const lines = [
    '',
    'Dogwatch stands the watch.',
    `  Console:  ${url ?? ''}`,
    `  Token:    ${accessToken?.token.reveal() ?? ''}`,
    '  Here:     /status, /help, or approve <id> when something waits for you. Ctrl-C ends it.',
    '',
  ];
  process.stdout.write(`\r\u001b[K${lines.join('\n')}\n`);
}
