import { Option } from 'commander';
import type { Command } from 'commander';
import type { StoreAccess } from '@dogwatch/core';
import { openStoreAccess } from '../store/open-store-access.js';

/** What commands work with. */
export interface CommandParts {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: NodeJS.WritableStream;
  /** Something was found wrong: the exit code becomes 1. */
  readonly fail: () => void;
}

/** Options that say which store a command is about. */
export interface StoreOptions {
  readonly data?: string;
  readonly databaseUrl?: string;
}

/** Adds the options that say which store a command is about. */
export function withStoreOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--data <folder>',
        'an SQLite store: its data folder (default: what DOGWATCH_DATA or DOGWATCH_CONFIG name, else ./.dogwatch)',
      ),
    )
    .addOption(
      new Option(
        '--database-url <url>',
        'a PostgreSQL store (default: what DATABASE_URL or DOGWATCH_CONFIG name)',
      ).conflicts('data'),
    );
}

/** Finds the store of a command. */
export function storeOf(options: StoreOptions, { env }: CommandParts): Promise<StoreAccess> {
  return openStoreAccess({ ...options, env });
}
