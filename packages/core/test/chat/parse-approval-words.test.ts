import assert from 'node:assert/strict';
import { parseApprovalWords } from '@dogwatch/core';

describe('parseApprovalWords', () => {
  const decisions: readonly (readonly [string, ReturnType<typeof parseApprovalWords>])[] = [
    ['approve 7f3ka2', { decision: 'approve', idPrefix: '7f3ka2', confirm: null }],
    ['  YES   7F3K ', { decision: 'approve', idPrefix: '7f3k', confirm: null }],
    ['confirm 7f3ka2 web', { decision: 'approve', idPrefix: '7f3ka2', confirm: 'web' }],
    ['reject 7f3ka', { decision: 'reject', idPrefix: '7f3ka', confirm: null }],
    ['no 7f3ka2', { decision: 'reject', idPrefix: '7f3ka2', confirm: null }],
    ['cancel 7f3ka2', { decision: 'reject', idPrefix: '7f3ka2', confirm: null }],
  ];
  for (const [text, expected] of decisions) {
    it(`reads '${text}'`, () => assert.deepEqual(parseApprovalWords(text), expected));
  }

  const noDecisions = [
    'Please do not approve 7f3ka2, we are in a freeze!',
    'do not approve 7f3ka2',
    'approve 7f3ka2 web please',
    'approve',
    'yes',
    'no, thanks',
    'approve 7f3',
    'approve 7f3ka2x',
    'approve 0l1oi2',
    'approved 7f3ka2',
    'I said yes 7f3ka2',
    'approve, 7f3ka2',
  ];
  for (const text of noDecisions) {
    it(`decides nothing by '${text}'`, () => assert.equal(parseApprovalWords(text), null));
  }
});
