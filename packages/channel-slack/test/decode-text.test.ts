import assert from 'node:assert/strict';
import fc from 'fast-check';
import { escapeSlackText } from '@dogwatch/testkit';
import { decodeText, mentions, readBangCommand, stripMention } from '../dist/decode-text.js';
import { escapeMrkdwn } from '../dist/escape-mrkdwn.js';

describe('decodeText', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['escaped characters', 'a &lt; b &amp;&amp; c &gt; d', 'a < b && c > d'],
    ['an escaped entity once', '&amp;lt;', '&lt;'],
    ['an address', 'see <https://example.org/a?b=1&amp;c=2>', 'see https://example.org/a?b=1&c=2'],
    ['an address with the words it was typed as', 'logs of <http://api.prod|api.prod>', 'logs of api.prod'],
    ['a mail address', '<mailto:anna@example.org|anna@example.org>', 'anna@example.org'],
    ['a person', 'ask <@U123>', 'ask @U123'],
    ['a person with a name', 'ask <@U123|anna>', 'ask @anna'],
    ['a channel', 'in <#C1|general> and <#C2>', 'in #general and #C2'],
    ['a broadcast', '<!here> look', '@here look'],
    ['a group', '<!subteam^S1|@sre>', '@sre'],
    ['a date', '<!date^1392734382^{date}|Feb 18>', 'Feb 18'],
  ];
  for (const [name, source, expected] of cases) {
    it(`turns ${name} into plain words`, () => assert.equal(decodeText(source), expected));
  }

  it('gives back whatever a person typed, as Slack escapes it', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('<', '>', '&', 'amp;', 'lt;', 'a', ' ', '|', '#', '🐕') }),
        (typed) => {
          fc.pre(!/<[@#!]/.test(typed));
          assert.equal(decodeText(escapeSlackText(typed)), typed);
        },
      ),
    );
  });

  it('is undone by escaping', () => {
    fc.assert(fc.property(fc.string(), (text) => assert.equal(decodeText(escapeMrkdwn(text)), text)));
  });
});

describe('stripMention', () => {
  it('takes a leading mention with its punctuation, and any other mention', () => {
    assert.equal(stripMention('<@UBOT>: status', 'UBOT'), 'status');
    assert.equal(stripMention('<@UBOT|dogwatch>  approve 7f3ka2', 'UBOT'), 'approve 7f3ka2');
    assert.equal(stripMention('status <@UBOT>', 'UBOT'), 'status');
    assert.equal(stripMention('hey <@UBOT> status', 'UBOT'), 'hey status');
  });

  it('leaves other people and longer ids alone', () => {
    assert.equal(stripMention('<@UBOTTOM> status', 'UBOT'), '<@UBOTTOM> status');
    assert.equal(mentions('<@UBOTTOM> status', 'UBOT'), false);
    assert.equal(mentions('status <@UBOT|dogwatch>', 'UBOT'), true);
  });

  it('changes nothing where nobody is mentioned', () => {
    assert.equal(stripMention('  /k8s  logs ', 'UBOT'), '  /k8s  logs ');
  });
});

describe('readBangCommand', () => {
  it('reads a leading exclamation mark before a word as the slash that Slack keeps for itself', () => {
    assert.equal(readBangCommand('!k8s pods'), '/k8s pods');
    assert.equal(readBangCommand('  !incident list'), '  /incident list');
  });

  it('leaves exclamations alone', () => {
    for (const text of ['!', '! k8s', '!!', 'restart!', 'say !k8s', '!=']) assert.equal(readBangCommand(text), text);
  });
});
