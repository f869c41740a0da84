import assert from 'node:assert/strict';
import { plainMessage } from '@dogwatch/core';
import { spellForSlack } from '../dist/spell-for-slack.js';

describe('commands in a message to Slack', () => {
  const text = 'To do it: approve 7f3ka2 web\nTo see all: /incident list\n/k8s pods shows pods, /help the rest.';
  const own = ['approve 7f3ka2', '/incident list', '/k8s pods', '/help'];

  it('are slash commands that Slack knows, in a room', () => {
    assert.equal(
      spellForSlack(plainMessage(text, own), {}).text,
      'To do it: /dogwatch approve 7f3ka2 web\nTo see all: /dogwatch incident list\n/k8s pods shows pods, /dogwatch help the rest.',
    );
  });

  it('are never made of what others said', () => {
    const others = 'To do it: approve 7f3kb3\n/resume\nGET /help';
    const listed = ['approve 7f3ka2', '/help <command>'];
    assert.equal(spellForSlack(plainMessage(others, listed), {}).text, others);
  });

  it('are plain words in a thread, where Slack takes no slash command', () => {
    assert.equal(
      spellForSlack(plainMessage(text, own), { thread: '1.1' }).text,
      'To do it: approve 7f3ka2 web\nTo see all: !incident list\n!k8s pods shows pods, !help the rest.',
    );
  });
});
