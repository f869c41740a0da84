import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FakeTelegram } from '@dogwatch/testkit';
import type { ShownMessage } from '@dogwatch/testkit';
import { HomelabProcess, until } from './homelab-process.js';

describe('the homelab app with a Telegram bot', function () {
  this.timeout(300_000);

  let folder: string;
  let telegram: FakeTelegram;
  let app: HomelabProcess;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'dogwatch-telegram-'));
    telegram = await FakeTelegram.start();
  });
  after(async () => {
    await app.stop();
    await telegram.stop();
    await rm(folder, { recursive: true });
  });

  it('answers at /start with a chat’s number, posts there once it is configured, and takes a press', async () => {
    const anna = telegram.addPerson('Anna');
    const group = telegram.addGroup('ops');
    const shown = (): readonly ShownMessage[] =>
      telegram.shown(group).filter(({ fromId }) => fromId === telegram.bot.id);
    const env = { TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.apiRoot };
    app = await HomelabProcess.start({ dataFolder: folder, env });
    telegram.write({ chatId: group, from: anna.id, text: '/start' });
    const greeting = await until('the bot says hello', () => Promise.resolve(shown()[0]));
    assert.match(greeting.text, new RegExp(`This chat's id is ${group}\\.`));
    await app.stop();

    app = await HomelabProcess.start({ dataFolder: folder, env: { ...env, TELEGRAM_CHATS: String(group) } });
    const withButtons = (): ShownMessage | undefined => shown().find(({ buttons }) => buttons.length === 2);
    const question = await until('an approval is asked for', () => Promise.resolve(withButtons()));
    const reject = question.buttons.find(({ text }) => text === 'Reject');
    const id = telegram.press({
      chatId: group,
      messageId: question.messageId,
      from: anna.id,
      data: reject?.data ?? '',
    });
    await until('the press is answered', () => Promise.resolve(telegram.callbackAnswer(id)));
    const asItIs = (): string => shown().find(({ messageId }) => messageId === question.messageId)?.text ?? '';
    const by = `Rejected by telegram:${anna.id}`;
    await until('the message says who rejected', () => Promise.resolve(asItIs().includes(by)));
    const [decided] = (await app.approvals('all')).filter(({ status }) => status === 'rejected');
    assert.deepEqual(decided?.decidedBy, { channelType: 'telegram', userId: String(anna.id) });
    const { checks } = await app.get<{ checks: Record<string, { status: string }> }>('/health');
    assert.equal(checks['telegram']?.status, 'ok');
    const [, secretPart = ''] = telegram.token.split(':');
    assert.ok(!`${JSON.stringify(app.lines)}${app.stderr}`.includes(secretPart));
  });
});
