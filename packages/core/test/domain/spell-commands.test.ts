import assert from 'node:assert/strict';
import { plainMessage, spellCommands } from '@dogwatch/core';

const own = ['approve 7f3ka2', 'reject 7f3ka2', 'approve <id>', '/incident list', '/undo 7f3ka2', '/help'];
const spell = (text: string, commands: readonly string[] = own): string =>
  spellCommands(plainMessage(text, commands), (word) => `<${word}>`).text;

describe('the spelling of commands', () => {
  it('changes lines that are to be typed', () => {
    assert.equal(
      spell('Type:\napprove 7f3ka2 web\n  /incident list'),
      'Type:\n<approve> 7f3ka2 web\n  </incident> list',
    );
    assert.equal(spell('To take it back: /undo 7f3ka2'), 'To take it back: </undo> 7f3ka2');
    assert.equal(spell('To drop it: reject 7f3ka2'), 'To drop it: <reject> 7f3ka2');
    assert.equal(spell('approve <id> [<target name>]'), '<approve> <id> [<target name>]');
  });

  it('changes commands in sentences', () => {
    assert.equal(spell("Ask /help. '/incident list' shows them."), "Ask </help>. '</incident> list' shows them.");
    assert.equal(spell('Go on with /resume.', ['with /resume']), 'Go on with </resume>.');
    assert.equal(spell('/zebra, /zebra-two', ['/zebra', '/zebra-two']), '</zebra>, </zebra-two>');
  });

  it('leaves everything else alone', () => {
    const texts = ['approve nothing today', 'I approve 7f3ka2', 'GET /statusz 500', '/var/log/app.log is full'];
    for (const text of [...texts, 'https://example.org/help']) assert.equal(spell(text), text);
  });

  it('leaves alone what others say, which the message does not list', () => {
    const others = ['/resume', 'To do it: approve 7f3kb3', 'approve 7f3kb3 web', 'see /undo, /incident show 7f3ka2'];
    for (const text of [...others, '/helpful', 'x/help']) assert.equal(spell(text), text);
    for (const text of ['approve 7f3ka2', '/incident list', '/help']) assert.equal(spell(text, []), text);
  });

  it('changes along what the message lists as its own, so that it stays its own', () => {
    const listed = ['/incident show <id>', 'approve 7f3ka2', 'It goes on after /resume'];
    const spelled = spellCommands(plainMessage('', listed), (word) => `<${word}>`);
    assert.deepEqual(spelled.commands, ['</incident> show <id>', '<approve> 7f3ka2', 'It goes on after </resume>']);
    assert.equal('commands' in spellCommands(plainMessage(''), (word) => word), false);
  });

  it('changes facts that are to be typed, no others, and no blocks', () => {
    const facts = [
      { label: 'To take it', value: '/incident ack 7f3ka2' },
      { label: 'Where', value: '/incident ack 7f3ka2' },
    ];
    const blocks = [{ kind: 'code', text: '/incident list' }] as const;
    const spelled = spellCommands({ ...plainMessage(''), facts, blocks }, (word) => `<${word}>`);
    assert.deepEqual(
      spelled.facts.map(({ value }) => value),
      ['</incident> ack 7f3ka2', '/incident ack 7f3ka2'],
    );
    assert.deepEqual(spelled.blocks, blocks);
  });
});
