import assert from 'node:assert/strict';
import fc from 'fast-check';
import { judgeRisk, matchesGlob, RISKS } from '@dogwatch/core';
import type { PolicyRule, PolicySubject } from '@dogwatch/core';

const subject: PolicySubject = { tool: 'k8s_restart_deployment', effect: 'write', risk: 'low', namespace: 'dev-a' };
const auto: PolicyRule = { name: 'auto', namespace: ['dev-*'], verdict: 'auto', reason: 'opted in' };

describe('the risk policy', () => {
  it('asks for every write as shipped', () => {
    for (const risk of RISKS) assert.equal(judgeRisk({ ...subject, risk }, []).verdict, 'ask');
  });

  it('lets the first rule that fits decide', () => {
    const deny: PolicyRule = { name: 'deny', namespace: ['dev-a'], verdict: 'deny', reason: 'frozen' };
    assert.equal(judgeRisk(subject, [auto, deny]).verdict, 'auto');
    assert.equal(judgeRisk(subject, [deny, auto]).verdict, 'deny');
    assert.equal(judgeRisk({ ...subject, namespace: 'prod' }, [deny, auto]).verdict, 'ask');
  });

  it('lets through by itself nothing but writes of low risk, whatever the rules say', () => {
    const always: PolicyRule = { name: 'always', verdict: 'auto', reason: 'trust me' };
    assert.equal(judgeRisk({ ...subject, risk: 'medium' }, [always]).verdict, 'ask');
    assert.equal(judgeRisk({ ...subject, risk: 'high' }, [always]).verdict, 'ask');
    assert.equal(judgeRisk({ ...subject, effect: 'destructive' }, [always]).verdict, 'ask');
    assert.equal(judgeRisk(subject, [{ ...always, raiseTo: 'medium' }]).verdict, 'ask');
  });

  it('raises a risk and never lowers it', () => {
    const rule: PolicyRule = { name: 'raise', raiseTo: 'medium', verdict: 'ask', reason: 'careful' };
    assert.equal(judgeRisk(subject, [rule]).risk, 'medium');
    assert.equal(judgeRisk({ ...subject, risk: 'high' }, [rule]).risk, 'high');
  });

  it('knows cluster-scoped objects by a dash', () => {
    const nodes: PolicyRule = { name: 'nodes', namespace: ['-'], verdict: 'deny', reason: 'no nodes' };
    assert.equal(judgeRisk({ ...subject, namespace: null }, [nodes]).verdict, 'deny');
    assert.equal(judgeRisk({ ...subject, namespace: null }, [auto]).verdict, 'ask');
  });
});

describe('a glob', () => {
  it('matches the whole text, with a star for anything', () => {
    assert.ok(matchesGlob('web:*', 'web:anna'));
    assert.ok(matchesGlob('*', ''));
    assert.ok(matchesGlob('slack:U*-ops', 'slack:U123-ops'));
    assert.ok(!matchesGlob('web:*', 'xweb:anna'));
    assert.ok(!matchesGlob('web:anna', 'web:annabel'));
    assert.ok(!matchesGlob('ab*ba', 'aba'));
    assert.ok(!matchesGlob('a.c', 'abc'));
  });

  it('agrees with a regular expression of the same meaning', () => {
    const alphabet = fc.constantFrom('a', 'b', '*', ':');
    const text = fc.array(alphabet, { maxLength: 8 }).map((characters) => characters.join(''));
    fc.assert(
      fc.property(text, text, (pattern, value) => {
        const expression = new RegExp(`^${pattern.replaceAll('*', '[^]*')}$`);
        assert.equal(matchesGlob(pattern, value), expression.test(value));
      }),
    );
  });
});
