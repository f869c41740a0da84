import { Command, CommanderError } from 'commander';
import { isAppError } from '@dogwatch/core';
import { CliProblem } from './cli-problem.js';
import { archiveCommand } from './commands/archive-command.js';
import { auditCommand } from './commands/audit-command.js';
import { exportCommand } from './commands/export-command.js';
import { importCommand } from './commands/import-command.js';
import { migrateCommand } from './commands/migrate-command.js';

/** What a run of the command line has around it. */
export interface CliSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: NodeJS.WritableStream;
  readonly err: NodeJS.WritableStream;
}

/** Runs one command; resolves with the exit code: 0, or 1 when it failed or found something wrong. */
export async function runCli(words: readonly string[], surroundings: CliSurroundings): Promise<number> {
  const { out, err } = surroundings;
  let exitCode = 0;
  const parts = { ...surroundings, fail: () => void (exitCode = 1) };
  const program = new Command('dogwatch')
    .description('Looks after what Dogwatch has stored.')
    .addCommand(migrateCommand(parts))
    .addCommand(auditCommand(parts))
    .addCommand(archiveCommand(parts))
    .addCommand(exportCommand(parts))
    .addCommand(importCommand(parts));
  for (const command of allCommands(program)) {
    command.exitOverride().configureOutput({
      writeOut: (text) => void out.write(text),
      writeErr: (text) => void err.write(text),
    });
  }
  try {
    await program.parseAsync([...words], { from: 'user' });
    return exitCode;
  } catch (error) {
    // Help and mistakes in the words have been written by then.
    if (error instanceof CommanderError) return error.exitCode;
    if (!isProblem(error)) throw error;
    err.write(`${error.message}\n`);
    return 1;
  }
}

function allCommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(allCommands)];
}

// A file that is not there or not allowed is for the person to put right, too.
function isProblem(error: unknown): error is Error {
  return error instanceof CliProblem || isAppError(error) || (error instanceof Error && 'syscall' in error);
}
