import assert from 'node:assert/strict';
import { ApiException } from '@kubernetes/client-node';
import { AppError } from '@dogwatch/core';
import { describeKubernetesFailure, translateKubernetesError } from '@dogwatch/kubernetes';

const attempt = { cluster: 'test', action: 'read Pod shop/web' };

describe('translateKubernetesError', () => {
  it('leaves an error as it is that was translated before', () => {
    const error = new AppError('DW_KUBERNETES_FORBIDDEN', 'no right to do that');
    assert.equal(translateKubernetesError(error, attempt), error);
  });

  it("understands the client's own exception, whose body is a text", () => {
    const body = JSON.stringify({
      kind: 'Status',
      code: 409,
      reason: 'Conflict',
      message: 'the object has been modified',
    });
    const error = translateKubernetesError(new ApiException(409, 'Unknown', body, {}), attempt);
    assert.equal(error.code, 'DW_KUBERNETES_CONFLICT');
    assert.match(error.message, /cannot read Pod shop\/web: the object has been modified\./);
    assert.equal(describeKubernetesFailure(error).reason, 'Conflict');
  });

  it("understands the error of the client's watch, which has a status alone", () => {
    const error = Object.assign(new Error('Gone'), { statusCode: 410 });
    assert.equal(translateKubernetesError(error, attempt).code, 'DW_KUBERNETES_GONE');
  });

  it('names all addresses that refused a connection', () => {
    const error = new AggregateError([
      new Error('connect ECONNREFUSED ::1:6443'),
      new Error('connect ECONNREFUSED 127'),
    ]);
    assert.match(translateKubernetesError(error, attempt).message, /::1:6443; connect ECONNREFUSED 127/);
  });

  it('takes the page of a proxy for what it is', () => {
    const error = translateKubernetesError(
      new ApiException(502, 'Bad Gateway', '<html>Bad Gateway</html>', {}),
      attempt,
    );
    assert.equal(error.code, 'DW_KUBERNETES_BUSY');
    assert.match(error.message, /<html>Bad Gateway/);
  });
});
