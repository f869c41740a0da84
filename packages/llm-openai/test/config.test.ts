import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { hasLanguageModel } from '@dogwatch/llm-openai';
import { readConfig } from './open-provider.js';

describe('the section llm', () => {
  it('is a model to talk to only with a key or an endpoint of one’s own', async () => {
    assert.equal(hasLanguageModel(await readConfig({})), false);
    assert.equal(hasLanguageModel(await readConfig({ apiKey: 'sk-1' })), true);
    assert.equal(hasLanguageModel(await readConfig({ baseUrl: 'http://127.0.0.1:11434/v1' })), true);
  });

  it('hides the key, and refuses an address that is none', async () => {
    assert.doesNotMatch(inspect(await readConfig({ apiKey: 'sk-1' })), /sk-1/);
    await assert.rejects(readConfig({ baseUrl: 'file:///etc/passwd' }));
  });
});
