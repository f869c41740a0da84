import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { Command } from 'commander';
import { exportLog } from '../transfer/export-log.js';
import { storeOf, withStoreOptions } from './command-parts.js';
import type { CommandParts, StoreOptions } from './command-parts.js';

// The ports of conversations have no way to list them all.
const leftBehind =
  'Not in it: what was said in the chat, which models were chosen there, and sessions. They stay in this store.';

/** `dogwatch export <file>`: the whole log, as lines of JSON. */
export function exportCommand(parts: CommandParts): Command {
  const command = new Command('export')
    .description('Writes the whole log, with incidents, approvals and runs, to a new file, as lines of JSON.')
    .argument('<file>', 'must not exist')
    .action(async (file: string, options: StoreOptions) => {
      const access = await storeOf(options, parts);
      const { log, close } = await access.open('read');
      try {
        // For its owner alone: it holds what people wrote and what clusters said.
        const stream = createWriteStream(file, { flags: 'wx', mode: 0o600 });
        await once(stream, 'open');
        const { events, summaries } = await exportLog(log, async (line) => {
          if (!stream.write(line)) await once(stream, 'drain');
        });
        stream.end();
        await finished(stream);
        parts.out.write(
          `${access.description}: ${events} events and ${summaries} summaries written to '${file}'.\n${leftBehind}\n`,
        );
      } finally {
        await close();
      }
    });
  return withStoreOptions(command);
}
