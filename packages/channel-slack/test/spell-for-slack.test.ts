import assert from 'node:assert/strict';
import { ownMessage } from '@dogwatch/core';
import { spellForSlack } from '../dist/spell-for-slack.js';

describe('commands in a message to Slack', () => {
  const text = 'To do it: approve 7f3ka2 web\nTo see all: /incident list\n/k8s pods shows pods, /help the rest.';

  it('are slash commands that Slack knows, in a room', () => {
    assert.equal(
      spellForSlack(ownMessage(text), {}).text,
      'To do it: /dogwatch approve 7f3ka2 web\nTo see all: /dogwatch incident list\n/k8s pods shows pods, /dogwatch help the rest.',
    );
  });

  it('are plain words in a thread, where Slack takes no slash command', () => {
    assert.equal(
      spellForSlack(ownMessage(text), { thread: '1.1' }).text,
      'To do it: approve 7f3ka2 web\nTo see all: !incident list\n!k8s pods shows pods, !help the rest.',
    );
  });
});
