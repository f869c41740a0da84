import { Command } from 'commander';
import { CliProblem } from '../cli-problem.js';
import { storeOf, withStoreOptions } from './command-parts.js';
import type { CommandParts, StoreOptions } from './command-parts.js';

interface MigrateOptions extends StoreOptions {
  readonly to?: string;
}

/** `dogwatch migrate up|down|status`: the shape of the store. */
export function migrateCommand(parts: CommandParts): Command {
  const status = new Command('status')
    .description('Says which migrations are applied.')
    .action((options: StoreOptions) => printStatus(options, parts));
  const up = new Command('up')
    .description('Applies what is missing.')
    .option('--to <version>', 'up to this version only')
    .action((options: MigrateOptions) => move(options, parts, 'up'));
  const down = new Command('down')
    .description('Takes migrations back, newest first; what they held is lost.')
    .requiredOption('--to <version>', 'the version to go back to; 0 takes everything away')
    .action((options: MigrateOptions) => move(options, parts, 'down'));
  const command = new Command('migrate').description('The shape of the store.');
  for (const one of [status, up, down]) command.addCommand(withStoreOptions(one));
  return command;
}

async function printStatus(options: StoreOptions, parts: CommandParts): Promise<void> {
  const access = await storeOf(options, parts);
  parts.out.write(`${access.description}\n`);
  for (const { version, name, appliedAt } of await access.migrations()) {
    parts.out.write(`${String(version).padStart(4)}  ${name}  ${appliedAt ?? 'not applied'}\n`);
  }
}

async function move(options: MigrateOptions, parts: CommandParts, direction: 'up' | 'down'): Promise<void> {
  const access = await storeOf(options, parts);
  const states = await access.migrations();
  const current = states.filter(({ appliedAt }) => appliedAt !== null).length;
  const to = options.to === undefined ? states.length : Number(options.to);
  if (!Number.isInteger(to) || to < 0 || to > states.length) {
    throw new CliProblem(`--to is '${options.to}'. Give a version from 0 to ${states.length}.`);
  }
  if (direction === 'up' ? to < current : to > current) {
    throw new CliProblem(`The store is at version ${current}; '${direction}' cannot go to ${to}.`);
  }
  await access.migrate(to);
  parts.out.write(`${access.description}: version ${current} -> ${to}.\n`);
}
