import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readYaml } from '@dogwatch/core';
import { BOT_SCOPES, slackManifest } from '@dogwatch/channel-slack';

const guides = new URL('../../../docs/guides/', import.meta.url);
const read = (name: string): string => readFileSync(fileURLToPath(new URL(name, guides)), 'utf8');

describe('the manifest of the Slack app', () => {
  it('in the guides is the one that the code makes, for both modes', () => {
    const inGuide = (file: string): unknown => readYaml({ text: read(file), file, env: {} }).value;
    assert.deepEqual(inGuide('slack-manifest.yaml'), slackManifest());
    const publicUrl = 'https://dogwatch.example.org';
    assert.deepEqual(inGuide('slack-manifest-http.yaml'), slackManifest({ publicUrl }));
    assert.ok(read('slack.md').includes(`\`${publicUrl}\``), 'the guide does not say which address to replace');
  });

  it('names the address for HTTP, and turns Socket Mode off', () => {
    const text = JSON.stringify(slackManifest({ publicUrl: 'https://dogwatch.example.org/' }));
    assert.equal(text.split('https://dogwatch.example.org/api/webhook/slack').length - 1, 4);
    assert.ok(text.includes('"socket_mode_enabled":false'));
  });

  it('asks for scopes that the guide explains, every one', () => {
    const guide = read('slack.md');
    for (const [scope, why] of Object.entries(BOT_SCOPES)) {
      assert.ok(guide.includes(`\`${scope}\``), `the guide does not name ${scope}`);
      assert.ok(guide.includes(why), `the guide does not say why ${scope} is asked for`);
    }
  });
});
