import assert from 'node:assert/strict';
import { isAppError, type ErrorCode } from '@dogwatch/core';

/** For `assert.throws` and `assert.rejects`: an AppError with this code, and a message that fits. */
export function withCode(code: ErrorCode, message = /./): (error: unknown) => true {
  return (error) => {
    assert.ok(isAppError(error), `expected an AppError, got: ${String(error)}`);
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    return true;
  };
}
