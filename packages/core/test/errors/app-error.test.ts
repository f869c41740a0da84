import assert from 'node:assert/strict';
import { AppError, describeErrorCode, errorCodes, isAppError } from '@dogwatch/core';

describe('AppError', () => {
  it('carries what the caller says, and quiet defaults', () => {
    const cause = new Error('below');
    const full = new AppError('DW_CONFIG_INVALID', 'no', {
      details: [{ path: 'http.port', message: 'expected a number' }],
      isRetryable: true,
      retryAfterMs: 500,
      cause,
    });
    assert.equal(full.code, 'DW_CONFIG_INVALID');
    assert.deepEqual(full.details, [{ path: 'http.port', message: 'expected a number' }]);
    assert.deepEqual([full.isRetryable, full.retryAfterMs, full.cause], [true, 500, cause]);
    const bare = new AppError('DW_CONFIG_INVALID', 'no');
    assert.deepEqual([bare.details, bare.isRetryable, bare.retryAfterMs], [[], false, undefined]);
    assert.equal('cause' in bare, false);
  });

  it('is recognised by its brand, also when another copy of the package made it', () => {
    const foreign = Object.assign(new Error('x'), {
      [Symbol.for('dogwatch/app-error')]: true,
      code: 'DW_CONFIG_INVALID',
    });
    assert.equal(isAppError(foreign), true);
    assert.equal(isAppError(new AppError('DW_CONFIG_INVALID', 'x')), true);
    for (const other of [new Error('x'), { code: 'DW_CONFIG_INVALID' }, null, undefined, 'DW_CONFIG_INVALID']) {
      assert.equal(isAppError(other), false);
    }
  });

  it('takes registered codes only, checked by the compiler', () => {
    // @ts-expect-error nobody registered this code
    const error = new AppError('DW_NO_SUCH_CODE', 'x');
    assert.equal(error.code in errorCodes, false);
  });

  it('has a registry whose entries all say what happened and what to do', () => {
    assert.equal(describeErrorCode('DW_CONFIG_INVALID'), errorCodes.DW_CONFIG_INVALID);
    for (const [code, { title, remedy }] of Object.entries(errorCodes)) {
      assert.match(code, /^DW_[A-Z0-9]+(_[A-Z0-9]+)+$/);
      assert.ok(title.length > 0 && !title.endsWith('.'), `title of ${code}`);
      assert.ok(remedy.endsWith('.'), `remedy of ${code}`);
    }
    assert.deepEqual(Object.keys(errorCodes), Object.keys(errorCodes).toSorted());
  });
});
