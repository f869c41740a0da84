import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { createLogger } from '@dogwatch/core';
import type { Logger } from '@dogwatch/core';
import { isOnTerminal } from './local-terminal.js';
import type { Settings } from './read-settings.js';

/** Where the log goes while the chat has the terminal. */
export function logFile(dataFolder: string): string {
  return path.join(dataFolder, 'dogwatch.log');
}

/** Logs to stdout; on a terminal, where stdout belongs to the chat, to a file in the data folder. */
export function openLog({ store, log }: Settings): Logger {
  if (!isOnTerminal()) return createLogger({ level: log.level, sink: process.stdout });
  mkdirSync(store.dataFolder, { recursive: true, mode: 0o700 });
  return createLogger({
    level: log.level,
    sink: createWriteStream(logFile(store.dataFolder), { flags: 'a', mode: 0o600 }),
  });
}
