import { userInfo } from 'node:os';
import type { TerminalOptions } from '@dogwatch/core';

/** Whether a human sits in front of this process. */
export function isOnTerminal(): boolean {
  return process.stdin.isTTY && process.stdout.isTTY;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that has no name.
    return String(process.getuid?.() ?? 'someone');
  }
}

/** The terminal of this process, or `null` without one. */
export function localTerminal(): TerminalOptions | null {
  if (!isOnTerminal()) return null;
  return { input: process.stdin, output: process.stdout, userId: userName(), hasColors: process.stdout.hasColors() };
}
