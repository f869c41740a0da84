import assert from 'node:assert/strict';
import { isAppError, loadConfig } from '@dogwatch/core';
import type { Environment } from '@dogwatch/core';
import { slackConfig } from '@dogwatch/channel-slack';
import type { SlackConfig } from '@dogwatch/channel-slack';

const bot = 'xoxb-1-secret';
const app = 'xapp-1-secret';

async function load(env: Environment): Promise<SlackConfig> {
  return (await loadConfig(null, { slack: slackConfig }, env)).slack;
}

async function mistakes(env: Environment): Promise<string> {
  try {
    await load(env);
  } catch (error) {
    if (isAppError(error))
      return [error.message, ...error.details.map((one) => `${one.path} ${one.message}`)].join('\n');
    throw error;
  }
  throw new Error('The settings were taken.');
}

describe('the settings of Slack', () => {
  it('are off without tokens', async () => assert.equal(await load({}), null));

  it('choose Socket Mode when there is an app token', async () => {
    const config = await load({ SLACK_BOT_TOKEN: bot, SLACK_APP_TOKEN: app, SLACK_SIGNING_SECRET: 'sign-sign' });
    assert.equal(config?.mode.kind, 'socket');
    assert.equal(config?.apiUrl, 'https://slack.com/api/');
  });

  it('choose HTTP when there is a signing secret alone', async () => {
    const config = await load({
      SLACK_BOT_TOKEN: bot,
      SLACK_SIGNING_SECRET: 'sign-sign',
      SLACK_ROOMS: 'C0123456789, G012',
    });
    assert.equal(config?.mode.kind, 'http');
    assert.deepEqual(config?.rooms, ['C0123456789', 'G012']);
    assert.ok(!JSON.stringify(config).includes('secret'), JSON.stringify(config));
    assert.ok(!JSON.stringify(config).includes('sign-sign'), JSON.stringify(config));
  });

  it('tell what is missing', async () => {
    assert.ok(
      (await mistakes({ SLACK_APP_TOKEN: app })).includes('SLACK_BOT_TOKEN'),
      await mistakes({ SLACK_APP_TOKEN: app }),
    );
    assert.ok(
      (await mistakes({ SLACK_ROOMS: 'C0123456789' })).includes('SLACK_BOT_TOKEN'),
      await mistakes({ SLACK_ROOMS: 'C0123456789' }),
    );
    assert.ok(
      (await mistakes({ SLACK_BOT_TOKEN: bot })).includes('SLACK_APP_TOKEN'),
      await mistakes({ SLACK_BOT_TOKEN: bot }),
    );
    assert.ok(
      (await mistakes({ SLACK_BOT_TOKEN: bot })).includes('SLACK_SIGNING_SECRET'),
      await mistakes({ SLACK_BOT_TOKEN: bot }),
    );
  });

  it('tell swapped tokens and names instead of ids, and never the tokens', async () => {
    const swapped = await mistakes({ SLACK_BOT_TOKEN: app, SLACK_APP_TOKEN: bot });
    assert.ok(swapped.includes("'xoxb-'"), swapped);
    assert.ok(swapped.includes("'xapp-'"), swapped);
    assert.ok(!swapped.includes('secret'), swapped);
    const named = await mistakes({ SLACK_BOT_TOKEN: bot, SLACK_APP_TOKEN: app, SLACK_ROOMS: '#general' });
    assert.ok(named.includes('C0123456789'), named);
  });
});
