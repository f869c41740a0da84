import assert from 'node:assert/strict';
import { redactJson, redactRequest, redactSecrets } from '@dogwatch/core';

const pem = (label: string, body: string): string => `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----`;

describe('redactSecrets', () => {
  const hidden: readonly (readonly [string, string, string])[] = [
    ['a bearer token', 'Authorization: Bearer abc.def-123456', 'abc.def-123456'],
    ['basic credentials', 'authorization: Basic dXNlcjpwYXNzd29yZA==', 'dXNlcjpwYXNzd29yZA'],
    ['a password in an env line', 'DB_PASSWORD=hunter2', 'hunter2'],
    ['a quoted password', 'password: "two words"', 'two words'],
    ['a password in JSON', '{"db_password":"hunter2","port":1}', 'hunter2'],
    ['a password in escaped JSON', String.raw`{\"api_key\":\"hunter2\"}`, 'hunter2'],
    ['an AWS key id', 'using AKIAIOSFODNN7EXAMPLE now', 'AKIAIOSFODNN7EXAMPLE'],
    ['an AWS secret key', 'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG', 'wJalrXUtnFEMI'],
    ['a private key', pem('RSA PRIVATE KEY', 'DEK-Info: AES-256-CBC,9F\n\nMIIEpAIBAAKC'), 'MIIEpAIBAAKC'],
    ['a private key that was cut off', '-----BEGIN PRIVATE KEY-----\nMIIEpAIBAAKC', 'MIIEpAIBAAKC'],
    ['a JSON web token', 'got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcDEF123', 'eyJzdWIiOiIxIn0'],
    ['a password in a URL', 'postgres://app:hunter2@db:5432/app', 'hunter2'],
    ['a GitHub token', `token ghp_${'a1'.repeat(18)}`, 'a1a1a1'],
    ['a Slack token', 'xoxb-123456789012-abcdefghij', 'abcdefghij'],
    ['a JSON web token behind a dash', 'session-eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcDEF123', 'eyJzdWIiOiIxIn0'],
    ['a password that was cut off', '"password": "hunter2 and mo', 'hunter2'],
    ['a password with a quote in it', String.raw`"password": "hun\"ter2"`, 'ter2'],
    ['a password behind a harmless assignment', 'secretName: password=hunter2', 'hunter2'],
    ['a password beside one that is hidden', "token='[redacted] password=hunter2", 'hunter2'],
    ['a password behind spaces', "passwd'  :    hunter2", 'hunter2'],
    ['an OpenAI key', 'key sk-proj-abcdefghijklmnop', 'abcdefghijklmnop'],
    ['a Telegram token', `bot 123456789:${'A'.repeat(35)}`, 'AAAAAA'],
  ];
  for (const [what, text, secret] of hidden) {
    it(`hides ${what}`, () => {
      const redacted = redactSecrets(text);
      assert.ok(!redacted.includes(secret), redacted);
      assert.match(redacted, /\[redacted\]/);
    });
  }

  it('leaves what is no secret', () => {
    for (const text of [
      'The pod cart-0 was OOMKilled: 128Mi',
      'secretName: web-tls',
      'prompt_tokens: 512',
      'the bearer of this',
      'image: registry.local/shop/cart@sha256:0123456789abcdef',
      'http://prometheus:9090/graph?g0.expr=up',
    ]) {
      assert.equal(redactSecrets(text), text);
    }
  });

  it('keeps the quotes, and what stands around', () => {
    assert.equal(redactSecrets(`a pwd='x y' b`), `a pwd='[redacted]' b`);
    assert.equal(redactSecrets('a pwd="x y\nb'), 'a pwd="[redacted]\nb');
    assert.equal(redactSecrets('session-eyJhbGciOiJ.eyJzdWIi.abc end'), 'session-[redacted] end');
    assert.equal(redactSecrets('tokens: 5, token : abc; path=/a'), 'tokens: 5, token : [redacted]; path=/a');
  });

  it('hides nothing more when it is done twice', () => {
    for (const [, text] of hidden) assert.equal(redactSecrets(redactSecrets(text)), redactSecrets(text));
  });

  // Whatever tries again from every character would not come to an end within the time of a test.
  for (const part of [
    'x',
    '1',
    'eyJ',
    'eyJ-',
    'eyJaaaaaaaa-',
    'password',
    'password="',
    'token=',
    'pwd=\\"',
    'a.b-',
    'ab://c:',
    'sk-',
  ]) {
    it(`reads a million characters of '${part}' once`, () => {
      const text = part.repeat(Math.ceil(1_000_000 / part.length));
      assert.ok(redactSecrets(`${text} password=hunter2`).endsWith('[redacted]'));
    });
  }

  it('keeps JSON readable', () => {
    assert.deepEqual(JSON.parse(redactSecrets('{"password":"a b","port":"1"}')), { password: '[redacted]', port: '1' });
  });
});

describe('redactJson', () => {
  it('hides whole values under a telling name, and in texts', () => {
    assert.deepEqual(
      redactJson({
        env: [
          { name: 'DB_PASSWORD', value: 'hunter2' },
          { name: 'PORT', value: '80' },
        ],
        token: 'abc',
        secretName: 'web-tls',
        log: 'password=x1y2',
        count: 3,
      }),
      {
        env: [
          { name: 'DB_PASSWORD', value: '[redacted]' },
          { name: 'PORT', value: '80' },
        ],
        token: '[redacted]',
        secretName: 'web-tls',
        log: 'password=[redacted]',
        count: 3,
      },
    );
  });
});

describe('redactRequest', () => {
  it('hides secrets in messages of every role and in the arguments of calls', () => {
    const call = { id: 'a', name: 'get', argumentsText: '{"password":"hunter2"}' };
    const redacted = redactRequest({
      messages: [
        { role: 'system', text: 'password=hunter2' },
        { role: 'user', text: 'password=hunter2' },
        { role: 'assistant', text: 'password=hunter2', toolCalls: [call] },
        { role: 'tool', callId: 'a', text: 'password=hunter2' },
      ],
    });
    assert.doesNotMatch(JSON.stringify(redacted), /hunter2/);
  });
});
