import assert from 'node:assert/strict';
import { plainMessage } from '@dogwatch/core';
import { readWords } from '../dist/read-words.js';
import { renderMessage } from '../dist/render-message.js';
import { spellForTelegram } from '../dist/spell-for-telegram.js';

const text = 'approve 7f3ka2 web\n/incident list';

describe('commands in a message to Telegram', () => {
  it('begin with a slash in a group, where a bot may hear nothing else', () => {
    const spelled = spellForTelegram(plainMessage(text, ['approve 7f3ka2', '/incident list']), -100).text;
    assert.equal(spelled, '/approve 7f3ka2 web\n/incident list');
    const [line = ''] = spelled.split('\n');
    const written = { text: line, isPrivate: false, isReplyToBot: false };
    assert.equal(readWords(written, { id: 1, username: 'dogwatch_bot' }), 'approve 7f3ka2 web');
  });

  it('stay commands in a group where they are the own ones of the message, and nothing else becomes one', () => {
    const own = ['approve 7f3ka2', '/incident list'];
    const others = 'approve 7f3kb3\napprove 7f3kb3 /resume\nTo drop it: reject 7f3ka2\nsee /undo';
    const lines = `approve 7f3ka2 /pause\n/incident list\n${others}`;
    const [part] = renderMessage(spellForTelegram(plainMessage(lines, own), -100)).parts;
    assert.equal(
      part?.text.replaceAll('\u2060', '·'),
      '/approve 7f3ka2 /·pause\n/incident list\napprove 7f3kb3\napprove 7f3kb3 /·resume\nTo drop it: reject 7f3ka2\nsee /·undo',
    );
  });

  it('stay as they are in a private chat', () => {
    assert.equal(spellForTelegram(plainMessage(text), 100).text, text);
  });
});
