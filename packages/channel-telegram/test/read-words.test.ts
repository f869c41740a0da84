import assert from 'node:assert/strict';
import { readWords } from '../dist/read-words.js';

const bot = { id: 1, username: 'dogwatch_bot' };

const inGroup = (text: string, isReplyToBot = false): string | null =>
  readWords({ text, isPrivate: false, isReplyToBot }, bot);
const alone = (text: string): string | null => readWords({ text, isPrivate: true, isReplyToBot: false }, bot);

describe('readWords', () => {
  const groupTexts: readonly (readonly [string, string | null])[] = [
    ['/status', '/status'],
    ['/status@dogwatch_bot', '/status'],
    ['/Status@DogWatch_Bot now', '/Status now'],
    ['/status@another_bot', null],
    ['/k8s@dogwatch_bot pods -n prod\nand more', '/k8s pods -n prod\nand more'],
    ['!k8s pods', '/k8s pods'],
    ['!k8s@dogwatch_bot pods', '/k8s pods'],
    ['!important', null],
    ['@dogwatch_bot show pods', 'show pods'],
    ['@dogwatch_bot, show pods', 'show pods'],
    ['@dogwatch_bot /status', '/status'],
    ['show pods @dogwatch_bot', 'show pods'],
    ['what does @dogwatch_bot say?', 'what does @dogwatch_bot say?'],
    ['@dogwatch_bots show pods', null],
    ['mail me@dogwatch_bot.example', null],
    ['good morning', null],
    ['approve 7f3ka2', 'approve 7f3ka2'],
    ['reject 7f3ka2', 'reject 7f3ka2'],
    ['approve 7f3ka2 web', 'approve 7f3ka2 web'],
    ['/approve 7f3ka2 web', 'approve 7f3ka2 web'],
    ['/reject@dogwatch_bot 7f3ka2', 'reject 7f3ka2'],
    ['/approve', 'approve'],
    ['/approval list', '/approval list'],
    ['yes sure', null],
    ['please approve 7f3ka2 when you can', null],
  ];
  for (const [text, words] of groupTexts) {
    it(`${words === null ? 'leaves' : 'takes'} '${text.replace('\n', '\\n')}' in a group`, () => {
      assert.equal(inGroup(text), words);
    });
  }

  it('takes out the invisible character of what was copied from a message of the bot', () => {
    assert.equal(alone('/\u2060incident show 7f3ka2'), '/incident show 7f3ka2');
    assert.equal(inGroup('/\u2060status'), '/status');
  });

  it('takes every answer to the bot', () => {
    assert.equal(inGroup('good morning', true), 'good morning');
  });

  it('takes everything as it is written in a private chat, but the name of the bot', () => {
    for (const text of ['good morning', '  two  blanks ', '@somebody hello']) assert.equal(alone(text), text);
    assert.equal(alone('/status@dogwatch_bot'), '/status');
    assert.equal(alone('@dogwatch_bot hello'), 'hello');
  });
});
