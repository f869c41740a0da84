import { Command } from 'commander';
import { importLog } from '../transfer/import-log.js';
import { readLines } from '../transfer/read-lines.js';
import { storeOf, withStoreOptions } from './command-parts.js';
import type { CommandParts, StoreOptions } from './command-parts.js';

/** `dogwatch import <file>`: puts an export into another store. */
export function importCommand(parts: CommandParts): Command {
  const command = new Command('import')
    .description('Puts an export into a store that no Dogwatch uses meanwhile; run it again when it was interrupted.')
    .argument('<file>', 'made by dogwatch export')
    .action(async (file: string, options: StoreOptions) => {
      const access = await storeOf(options, parts);
      const { log, close } = await access.open('fill');
      try {
        const { events, summaries } = await importLog(log, () => readLines(file));
        parts.out.write(`${access.description}: ${events} events and ${summaries} summaries were new.\n`);
      } finally {
        await close();
      }
    });
  return withStoreOptions(command);
}
