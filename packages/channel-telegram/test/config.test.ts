import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  OfferedButtons,
  Secret,
  createApp,
  definePlugin,
  formatConfigError,
  isAppError,
  loadConfig,
} from '@dogwatch/core';
import { telegramChannel, telegramConfig } from '@dogwatch/channel-telegram';
import type { TelegramConfig } from '@dogwatch/channel-telegram';

const token = '123456789:AAabcdefghijklmnopqrstuvwxyz0123456';
const secret = 'a-secret-nobody-guesses';

describe('the section telegram', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'telegram-config-'));
  });
  after(() => rm(folder, { recursive: true }));

  async function load(lines: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<TelegramConfig> {
    const file = path.join(folder, 'dogwatch.yaml');
    await writeFile(file, lines.length === 0 ? '' : `telegram:\n${lines.map((line) => `  ${line}\n`).join('')}`);
    return (await loadConfig(file, { telegram: telegramConfig }, env)).telegram;
  }

  async function problemsOf(lines: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
    const config = await load(lines, env).catch((error: unknown) => error);
    assert.ok(isAppError(config), 'the settings are taken');
    const text = formatConfigError(config);
    for (const hidden of [token, secret]) assert.ok(!text.includes(hidden), `'${hidden}' is shown in: ${text}`);
    return text;
  }

  it('leaves Telegram out when nothing is said', async () => {
    const config = await load([]);
    assert.equal(config.botToken, null);
    const approvals = definePlugin({
      id: 'approvals',
      provides: [OfferedButtons],
      register: ({ bind }) => bind(OfferedButtons).toValue({ isOffered: () => Promise.resolve(false) }),
    });
    const app = createApp({ plugins: [approvals(), telegramChannel(config)] });
    await app.start();
    await app.stop();
  });

  it('polls, and takes the token from the environment as a secret', async () => {
    const config = await load([], { TELEGRAM_BOT_TOKEN: token });
    assert.ok(config.botToken instanceof Secret);
    assert.equal(config.botToken.reveal(), token);
    assert.equal(config.mode, 'polling');
    assert.ok(!JSON.stringify(config).includes(token));
  });

  it('takes chats as numbers, as text, and with topic', async () => {
    const lines = ['chats: [-1001234567890, "42", { id: -5, topic: 7, post: false }]', 'people: [99]'];
    const config = await load(lines, { TELEGRAM_BOT_TOKEN: token });
    assert.deepEqual(config.chats, [
      { id: -1_001_234_567_890, topic: null, post: true },
      { id: 42, topic: null, post: true },
      { id: -5, topic: 7, post: false },
    ]);
    assert.deepEqual(config.people, [99]);
  });

  it('takes chats and people from the environment, with commas', async () => {
    const env = { TELEGRAM_BOT_TOKEN: token, TELEGRAM_CHATS: '-5, 42', TELEGRAM_PEOPLE: '99,100' };
    const config = await load([], env);
    assert.deepEqual(
      config.chats.map(({ id }) => id),
      [-5, 42],
    );
    assert.deepEqual(config.people, [99, 100]);
    assert.equal((await load([], { TELEGRAM_BOT_TOKEN: token, TELEGRAM_PEOPLE: 'anyone' })).people, 'anyone');
  });

  it('refuses what is no token without showing it', async () => {
    const text = await problemsOf([], { TELEGRAM_BOT_TOKEN: `${token}!` });
    assert.match(text, /telegram\.botToken.*is no token as @BotFather gives them.*TELEGRAM_BOT_TOKEN/);
  });

  it('refuses a chat that is no number', async () => {
    assert.match(await problemsOf(['chats: [ops-team]'], { TELEGRAM_BOT_TOKEN: token }), /telegram\.chats\[0\]/);
  });

  it('refuses a chat that is listed twice', async () => {
    assert.match(await problemsOf(['chats: [-5, -5]'], { TELEGRAM_BOT_TOKEN: token }), /lists chat -5 twice/);
  });

  it('says what the mode webhook lacks, all of it', async () => {
    const text = await problemsOf(['mode: webhook'], { TELEGRAM_BOT_TOKEN: token });
    assert.match(text, /telegram\.publicUrl: is missing/);
    assert.match(text, /telegram\.webhookSecret: is missing: set TELEGRAM_WEBHOOK_SECRET/);
  });

  it('refuses a public address that is not plain https', async () => {
    for (const url of ['http://dog.example', 'https://dog.example/path', 'https://dog.example?x', 'dog.example']) {
      const env = { TELEGRAM_BOT_TOKEN: token, TELEGRAM_WEBHOOK_SECRET: secret };
      const text = await problemsOf(['mode: webhook', `publicUrl: ${url}`], env);
      assert.match(text, /must be an https address without path/, url);
    }
  });

  it('refuses a secret that Telegram would not take, without showing it', async () => {
    const env = { TELEGRAM_BOT_TOKEN: token, TELEGRAM_WEBHOOK_SECRET: `${secret} with blanks` };
    const text = await problemsOf(['mode: webhook', 'publicUrl: https://dog.example'], env);
    assert.match(text, /must be 16 to 256 letters, digits, _ and -/);
  });

  it('refuses settings of the webhook when polling', async () => {
    const env = { TELEGRAM_BOT_TOKEN: token, TELEGRAM_WEBHOOK_SECRET: secret };
    const text = await problemsOf(['publicUrl: https://dog.example'], env);
    assert.match(text, /telegram\.publicUrl: is of use in mode webhook alone/);
    assert.match(text, /telegram\.webhookSecret: is of use in mode webhook alone/);
  });

  it('refuses chats without a token', async () => {
    assert.match(await problemsOf(['chats: [-5]']), /telegram\.botToken: is missing: set TELEGRAM_BOT_TOKEN/);
  });
});
