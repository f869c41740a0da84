import { PassThrough } from 'node:stream';
import { TerminalChannel } from '@dogwatch/core';
import type { ChannelAdapterSubject, ChannelHuman } from '@dogwatch/testkit';
import { TerminalScreen } from './terminal-screen.js';

/** A channel, its human, and the two ends of the terminal between them. */
export interface TerminalSubject extends ChannelAdapterSubject {
  readonly human: ChannelHuman & { readonly userId: string };
  readonly screen: TerminalScreen;
  /** Types without pressing Enter. */
  type(keys: string): void;
}

/** A terminal of 40 columns, or a pair of pipes. */
export function openTerminal({ isTTY }: { readonly isTTY: boolean }): TerminalSubject {
  const columns = isTTY ? 40 : Number.MAX_SAFE_INTEGER;
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = Object.assign(new PassThrough(), { isTTY, columns, rows: 24 });
  const screen = new TerminalScreen(columns);
  output.setEncoding('utf8').on('data', (text: string) => screen.write(text));
  const adapter = new TerminalChannel({ input, output, userId: 'anna', hasColors: true });
  const type = (keys: string): void => void input.write(keys);
  return {
    adapter,
    screen,
    type,
    human: {
      userId: 'anna',
      write: (text) => Promise.resolve(type(`${text}\n`)),
      read: () => Promise.resolve({ text: screen.text, buttons: [], effects: [...screen.effects] }),
    },
  };
}
