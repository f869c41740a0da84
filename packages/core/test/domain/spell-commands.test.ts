import assert from 'node:assert/strict';
import { plainMessage, spellCommands } from '@dogwatch/core';

const spell = (text: string): string => spellCommands(plainMessage(text), (word) => `<${word}>`).text;

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
  });

  it('leaves everything else alone', () => {
    const texts = ['approve nothing today', 'I approve 7f3ka2', 'GET /statusz 500', '/var/log/app.log is full'];
    for (const text of [...texts, 'https://example.org/help']) assert.equal(spell(text), text);
  });

  it('changes along what the message lists as its own, so that it stays its own', () => {
    const own = ['/incident show <id>', 'approve 7f3ka2', 'It goes on after /resume'];
    const spelled = spellCommands(plainMessage('', own), (word) => `<${word}>`);
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
