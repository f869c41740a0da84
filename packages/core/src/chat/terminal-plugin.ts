import { definePlugin } from '../plugin/define-plugin.js';
import type { Plugin } from '../plugin/define-plugin.js';
import { ChannelAdapter } from '../ports/channel-adapter.js';
import { TerminalChannel } from './terminal-channel.js';
import type { TerminalOptions } from './terminal-channel.js';

/** Adds the chat on the terminal that Dogwatch was started from. */
export function terminalChannel(options: TerminalOptions): Plugin {
  return definePlugin({
    id: 'core-terminal',
    register({ contribute }) {
      contribute(ChannelAdapter).value(new TerminalChannel(options));
    },
  })();
}
