import assert from 'node:assert/strict';
import { FakeOpenAi } from '@dogwatch/testkit';

const user = { role: 'user', content: 'hi' };
const calls = [{ id: 'a', type: 'function', function: { name: 'get', arguments: '{}' } }];
const asking = { role: 'assistant', content: null, tool_calls: calls };
const answered = { role: 'tool', tool_call_id: 'a', content: '[]' };
const parameters = { type: 'object', properties: {} };

function body(change: object = {}): object {
  return { model: 'small-1', messages: [user], ...change };
}

describe('FakeOpenAi', () => {
  let server: FakeOpenAi;

  async function post(content: unknown, path = '/chat/completions'): Promise<{ status: number; message: string }> {
    const response = await fetch(`${server.baseUrl}${path}`, {
      method: 'POST',
      body: typeof content === 'string' ? content : JSON.stringify(content),
    });
    const answer = (await response.json()) as { error?: { message: string } };
    return { status: response.status, message: answer.error?.message ?? '' };
  }

  before(async () => {
    server = await FakeOpenAi.start();
  });
  after(() => server.close());

  it('takes what the real API takes', async () => {
    const tools = [{ type: 'function', function: { name: 'get', description: 'Gets.', parameters } }];
    for (const one of [body(), body({ tools }), body({ messages: [user, asking, answered, user] })]) {
      assert.equal((await post(one)).status, 200);
    }
  });

  const refused: readonly (readonly [string, unknown, RegExp])[] = [
    ['a body that is not JSON', '{', /parse the JSON/],
    ['a request without a model', body({ model: undefined }), /model parameter/],
    ['a request without messages', body({ messages: [] }), /empty array/],
    ['a role that does not exist', body({ messages: [{ role: 'robot', content: '' }] }), /Invalid value: 'robot'/],
    ['a tool message without its call', body({ messages: [user, answered] }), /response to a preceding message/],
    [
      'a call that is answered twice',
      body({ messages: [user, asking, answered, answered] }),
      /response to a preceding/,
    ],
    ['a call that is not answered', body({ messages: [user, asking, user] }), /must be followed by tool messages/],
    ['a call that is left open', body({ messages: [user, asking] }), /must be followed by tool messages/],
    ['a message without content', body({ messages: [{ role: 'user', content: null }] }), /expected a string/],
    ['an empty list of tools', body({ tools: [] }), /empty array/],
    [
      'a tool with a name that is none',
      body({ tools: [{ type: 'function', function: { name: 'a b', parameters } }] }),
      /pattern/,
    ],
    ['a tool without a schema', body({ tools: [{ type: 'function', function: { name: 'get' } }] }), /JSON Schema/],
    ['a field that it does not know', body({ max_words: 3 }), /Unrecognized request argument supplied: max_words/],
    ['options of a stream without a stream', body({ stream_options: {} }), /only allowed when 'stream'/],
  ];
  for (const [what, content, message] of refused) {
    it(`refuses ${what}`, async () => {
      const answer = await post(content);
      assert.equal(answer.status, 400);
      assert.match(answer.message, message);
      assert.equal(server.requests.at(-1)?.status, 400);
    });
  }

  it('refuses other addresses', async () => {
    assert.equal((await post(body(), '/embeddings')).status, 404);
  });
});
