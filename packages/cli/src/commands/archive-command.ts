import { Command } from 'commander';
import { CliProblem } from '../cli-problem.js';
import { storeOf, withStoreOptions } from './command-parts.js';
import type { CommandParts, StoreOptions } from './command-parts.js';

const dayMs = 86_400_000;
const maxDays = 36_500;
const batchSize = 100;

interface ArchiveOptions extends StoreOptions {
  readonly olderThan: string;
}

/** `dogwatch archive --older-than 90d`: what the app does hourly, now. */
export function archiveCommand(parts: CommandParts): Command {
  const command = new Command('archive')
    .description('Takes what ended long ago out of the lists; it stays in the log, and the audit covers it.')
    .requiredOption('--older-than <days>', 'how long ago it must have ended, such as 90d')
    .action(async (options: ArchiveOptions) => {
      const before = new Date(Date.now() - daysOf(options.olderThan) * dayMs).toISOString();
      const access = await storeOf(options, parts);
      const { archive, close } = await access.open('archive');
      try {
        let streams = 0;
        for (let batch: readonly string[] | null = null; batch?.length !== 0; streams += batch.length) {
          batch = await archive.archiveStreams({ before, limit: batchSize });
        }
        const now = await archive.countArchived();
        parts.out.write(`${access.description}: streams archived: ${streams}; in the archive now: ${now}.\n`);
      } finally {
        await close();
      }
    });
  return withStoreOptions(command);
}

function daysOf(text: string): number {
  const days = /^\d{1,5}d$/.test(text) ? Number(text.slice(0, -1)) : 0;
  if (days >= 1 && days <= maxDays) return days;
  throw new CliProblem(`--older-than is '${text}'. Give whole days from 1d to ${maxDays}d.`);
}
