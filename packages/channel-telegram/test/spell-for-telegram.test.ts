import assert from 'node:assert/strict';
import { plainMessage } from '@dogwatch/core';
import { readWords } from '../dist/read-words.js';
import { spellForTelegram } from '../dist/spell-for-telegram.js';

const text = 'approve 7f3ka2 web\n/incident list';

describe('commands in a message to Telegram', () => {
  it('begin with a slash in a group, where a bot may hear nothing else', () => {
    const spelled = spellForTelegram(plainMessage(text), -100).text;
    assert.equal(spelled, '/approve 7f3ka2 web\n/incident list');
    const [line = ''] = spelled.split('\n');
    const written = { text: line, isPrivate: false, isReplyToBot: false };
    assert.equal(readWords(written, { id: 1, username: 'dogwatch_bot' }), 'approve 7f3ka2 web');
  });

  it('stay as they are in a private chat', () => {
    assert.equal(spellForTelegram(plainMessage(text), 100).text, text);
  });
});
