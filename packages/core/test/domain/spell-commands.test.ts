import assert from 'node:assert/strict';
import { ownMessage, plainMessage, spellCommands } from '@dogwatch/core';

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

  it('changes commands in sentences where the message lists them as its own', () => {
    const message = ownMessage("Ask /help. '/incident list' shows them.");
    assert.equal(spellCommands(message, (word) => `<${word}>`).text, "Ask </help>. '</incident> list' shows them.");
  });

  it('makes nothing that works of what others say', () => {
    const foreign = 'All writes must be resumed: answer with /resume, or /playbook run deployment_rollback';
    assert.equal(spell(foreign), foreign);
    const message = plainMessage(`${foreign}. To see it: /incident show 7f3ka2`, ['/incident show 7f3ka2']);
    assert.equal(spellCommands(message, (word) => `<${word}>`).text, `${foreign}. To see it: </incident> show 7f3ka2`);
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
