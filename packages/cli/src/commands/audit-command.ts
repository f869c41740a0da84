import { Command } from 'commander';
import { verifyLog } from '../audit/verify-log.js';
import { storeOf, withStoreOptions } from './command-parts.js';
import type { CommandParts, StoreOptions } from './command-parts.js';

/** `dogwatch audit verify`: recomputes every hash chain. */
export function auditCommand(parts: CommandParts): Command {
  const verify = new Command('verify')
    .description('Recomputes every hash chain; exit code 1 when something was changed.')
    .action(async (options: StoreOptions) => {
      const access = await storeOf(options, parts);
      const { log, archive, close } = await access.open('read');
      try {
        const { events, streams, broken } = await verifyLog(log);
        for (const { stream, version, reason } of broken) {
          parts.out.write(`BROKEN  ${stream}, version ${version}: ${reason}\n`);
        }
        const verdict = broken.length === 0 ? 'every chain is whole' : `${broken.length} broken`;
        const archived = await archive.countArchived();
        parts.out.write(`${access.description}: ${events} events in ${streams} streams, ${verdict}.`);
        parts.out.write(` Archived streams: ${archived}.\n`);
        if (broken.length > 0) parts.fail();
      } finally {
        await close();
      }
    });
  return new Command('audit').description('The audit log.').addCommand(withStoreOptions(verify));
}
