import { isAppError } from '@dogwatch/core';
import type { Clock, Logger, Timer } from '@dogwatch/core';
import type { ChannelPacer } from './channel-pacer.js';
import { KeyedQueue } from './keyed-queue.js';
import type { ButtonPress } from './parse-update.js';
import type { Block, RenderedMessage } from './render-message.js';
import { MAX_BLOCKS } from './slack-limits.js';
import type { SlackWeb } from './slack-web.js';

/** The block that stands where the buttons stood. */
export const PRESSED_BLOCK_ID = 'dogwatch-pressed';

// A press that was refused (not an approver, say) edits no message: the others get their buttons back.
const restoreAfterMs = 10_000;
const respondWithinMs = 5_000;

/** What the pressed messages are shown with. */
export interface PressedMessagesParts {
  readonly web: SlackWeb;
  readonly pacer: ChannelPacer;
  readonly clock: Clock;
  readonly logger: Logger;
}

const keyOf = (channel: string, ts: string): string => `${channel} ${ts}`;

/**
 * Takes the buttons off a message as soon as a press is stored, and keeps edits of one message in order: the final word on it comes
 * from whoever shows the message, and is never overwritten by what was only meant for the time until then.
 */
export class PressedMessages {
  private readonly queue = new KeyedQueue();
  private readonly restores = new Map<string, Timer>();

  constructor(private readonly parts: PressedMessagesParts) {}

  /** Runs an edit of a message after every earlier one of it. */
  edit<T>(channel: string, ts: string, task: () => Promise<T>): Promise<T> {
    this.keep(channel, ts);
    return this.queue.run(keyOf(channel, ts), task);
  }

  /** Takes the buttons off once `stored` resolves; gives them back when nobody has edited the message some time later. */
  hide(press: ButtonPress, stored: Promise<void>): Promise<void> {
    const { channel, messageTs } = press;
    return this.queue.run(keyOf(channel, messageTs), async () => {
      const isStored = await stored.then(
        () => true,
        () => false,
      );
      if (!isStored) return;
      try {
        // What the press itself carries may be old: it was made before an edit, or is delivered again minutes later.
        const shown = await this.parts.web.read(channel, messageTs);
        if (shown?.blocks.some((block) => block.type === 'actions') !== true) return;
        await this.replace(press, withoutButtons(press, shown));
        this.restoreLater(press, shown);
      } catch (error) {
        this.parts.logger.warn('slack.buttons-kept', 'The buttons of a pressed message could not be taken off', {
          channel: 'slack',
          room: channel,
          error,
        });
      }
    });
  }

  stop(): void {
    for (const timer of this.restores.values()) timer.cancel();
    this.restores.clear();
  }

  private keep(channel: string, ts: string): void {
    this.restores.get(keyOf(channel, ts))?.cancel();
    this.restores.delete(keyOf(channel, ts));
  }

  /** By the press's own address, which has no rate limit; else by an edit. */
  private async replace(press: ButtonPress, message: RenderedMessage): Promise<void> {
    const { channel, messageTs, responseUrl } = press;
    if (responseUrl !== null) {
      const response = await fetch(responseUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ replace_original: true, ...message }),
        signal: AbortSignal.timeout(respondWithinMs),
      });
      if (response.ok) return;
    }
    await this.parts.pacer.run(channel, () => this.parts.web.edit(channel, messageTs, message));
  }

  private restoreLater(press: ButtonPress, shown: RenderedMessage): void {
    const { channel, messageTs } = press;
    const key = keyOf(channel, messageTs);
    this.keep(channel, messageTs);
    const timer = this.parts.clock.setTimer(() => {
      this.restores.delete(key);
      void this.queue.run(key, () => this.restore(press, shown));
    }, restoreAfterMs);
    this.restores.set(key, timer);
  }

  private async restore({ channel, messageTs }: ButtonPress, shown: RenderedMessage): Promise<void> {
    const { web, pacer, logger } = this.parts;
    try {
      // Another replica may have shown the outcome meanwhile.
      const now = await web.read(channel, messageTs);
      if (now?.blocks.some(isPressedNote) !== true) return;
      await pacer.run(channel, () => web.edit(channel, messageTs, shown));
    } catch (error) {
      if (!isAppError(error)) throw error;
      logger.warn('slack.buttons-lost', 'The buttons of a message could not be given back; the words still work', {
        channel: 'slack',
        room: channel,
        error,
      });
    }
  }
}

const verbs: Readonly<Record<string, string>> = { approve: 'approved', reject: 'rejected', 'ask-again': 'asked again' };

const isPressedNote = (block: Block): boolean => block['block_id'] === PRESSED_BLOCK_ID;

function withoutButtons({ pressedBy, action }: ButtonPress, shown: RenderedMessage): RenderedMessage {
  const rest = shown.blocks.filter((block) => block.type !== 'actions' && !isPressedNote(block));
  const person = /^[UW][A-Z0-9]+$/.test(pressedBy) ? `<@${pressedBy}>` : 'Somebody';
  const note: Block = {
    type: 'context',
    block_id: PRESSED_BLOCK_ID,
    elements: [{ type: 'mrkdwn', text: `${person} pressed: ${verbs[action] ?? action}. One moment …` }],
  };
  return { text: shown.text, blocks: [...rest.slice(0, MAX_BLOCKS - 1), note] };
}
