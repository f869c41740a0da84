import { execFileSync } from 'node:child_process';

/** A program with its arguments. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

/** Who a server runs as; numbers of the system. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Makes a command that ends with the process that started it and, where that is root, runs as `user`, since PostgreSQL
 * refuses root. `account` is who its files must belong to, or `null` for whoever starts it.
 */
export function dropPrivileges(
  command: Command,
  user: string,
): { readonly command: Command; readonly account: Account | null } {
  const isRoot = process.getuid?.() === 0;
  const flags = isRoot ? [`--reuid=${user}`, `--regid=${user}`, '--init-groups'] : [];
  const args = ['--pdeathsig', 'QUIT', ...flags, command.file, ...command.args];
  return {
    command: { file: 'setpriv', args },
    account: isRoot ? { uid: idOf('-u', user), gid: idOf('-g', user) } : null,
  };
}

function idOf(flag: '-u' | '-g', user: string): number {
  return Number(execFileSync('id', [flag, user], { encoding: 'utf8' }).trim());
}
