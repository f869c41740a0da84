import { buttonWords } from '@dogwatch/core';
import type { MessageButton } from '@dogwatch/core';
import { channelAdapterContract, runContract } from '@dogwatch/testkit';
import type { ChannelAdapterSubject, ChannelView } from '@dogwatch/testkit';
import { decodeButton } from '../dist/callback-data.js';
import { startRig } from './telegram-rig.js';
import type { RigOptions, TelegramRig } from './telegram-rig.js';

interface RigSubject extends ChannelAdapterSubject {
  readonly rig: TelegramRig;
}

// A word joiner is not shown.
const asShown = (text: string): string => text.replaceAll('\u2060', '');

function viewOf({ telegram, anna }: TelegramRig): ChannelView {
  const messages = telegram.shown(anna.id).filter(({ fromId }) => fromId === telegram.bot.id);
  const buttons = messages.flatMap((message) =>
    message.buttons.flatMap(({ text, data }): MessageButton[] => {
      const button = decodeButton(data);
      return button === null ? [] : [{ label: text, action: button.action, approvalId: button.approvalId }];
    }),
  );
  return {
    text: messages.map(({ text }) => asShown(text)).join('\n'),
    buttons,
    effects: messages.flatMap(({ effects }) => effects),
  };
}

function press({ telegram, anna }: TelegramRig, button: MessageButton): void {
  const words = buttonWords(button);
  for (const { messageId, buttons } of telegram.shown(anna.id)) {
    for (const { data } of buttons) {
      const shown = decodeButton(data);
      if (shown !== null && buttonWords(shown) === words) {
        telegram.press({ chatId: anna.id, messageId, from: anna.id, data });
        return;
      }
    }
  }
  throw new Error(`nothing shows '${words}'`);
}

async function create(options: RigOptions): Promise<RigSubject> {
  let forum = 0;
  const rig = await startRig({
    ...options,
    configure: (made, chats) => {
      forum = made.addGroup('forum', { topics: [7] });
      return { chats: [...chats, { id: forum, topic: null, post: false }] };
    },
  });
  const { telegram, anna, bert, adapter } = rig;
  return {
    rig,
    adapter,
    human: {
      userId: String(anna.id),
      otherUserId: String(bert.id),
      patienceMs: 10_000,
      write: (text, userId = String(anna.id)) => {
        telegram.write({ chatId: Number(userId), from: Number(userId), text });
        return Promise.resolve();
      },
      writeIn: (place, text) => {
        const from = anna.id;
        const words = { from, text: `/${text}` };
        if (place === 'direct') telegram.write({ ...words, chatId: from });
        else telegram.write({ ...words, chatId: forum, ...(place === 'thread' ? { threadId: 7 } : {}) });
        return Promise.resolve();
      },
      press: async (button) => press(rig, button),
      read: () => Promise.resolve(viewOf(rig)),
    },
  };
}

for (const mode of ['polling', 'webhook'] as const) {
  runContract(channelAdapterContract, `TelegramChannel, mode ${mode},`, {
    harness: {
      create: () => create({ mode }),
      destroy: (subject) => (subject as RigSubject).rig.stop(),
      capabilities: ['buttons', 'edits', 'people', 'places'],
    },
  });
}
