import assert from 'node:assert/strict';
import { TalkLab } from './talk-lab.js';

describe('/model', () => {
  let lab: TalkLab;
  const asked = async (...written: Parameters<TalkLab['say']>): Promise<string | undefined> => {
    await lab.say(...written);
    return lab.llm.requests.at(-1)?.model;
  };
  beforeEach(async () => {
    lab = new TalkLab();
    await lab.boot(() => ({ kind: 'answer', text: 'Yes.' }));
  });
  afterEach(() => lab.stop());

  it('asks the system’s default where nobody chose', async () => {
    assert.equal(await asked('hello'), 'small-1');
  });

  it('puts the channel’s default above the system’s, for everybody and every thread there', async () => {
    await lab.say('/model channel large-1');
    assert.equal(await asked('hello', { userId: 'ben' }), 'large-1');
    assert.equal(await asked('hello', { thread: '17' }), 'large-1');
    assert.equal(await asked('hello', { room: 'elsewhere' }), 'small-1');
  });

  it('puts the person’s preference above the channel’s default, wherever the person writes', async () => {
    await lab.say('/model channel large-1');
    await lab.say('/model mine other-1');
    assert.equal(await asked('hello'), 'other-1');
    assert.equal(await asked('hello', { room: 'elsewhere' }), 'other-1');
    assert.equal(await asked('hello', { userId: 'ben' }), 'large-1');
  });

  it('puts the conversation’s own above everything, there alone and until the session ends', async () => {
    await lab.say('/model channel small-1');
    await lab.say('/model mine other-1');
    await lab.say('/model large-1');
    assert.equal(await asked('hello'), 'large-1');
    assert.equal(await asked('hello', { thread: '17' }), 'other-1');
    await lab.clock.advance(30 * 60_000);
    assert.equal(await asked('hello'), 'other-1');
  });

  it('goes back level by level', async () => {
    await lab.say('/model channel large-1');
    await lab.say('/model mine other-1');
    await lab.say('/model small-1');
    assert.equal(await asked('hello'), 'small-1');
    await lab.say('/model default');
    assert.equal(await asked('hello'), 'other-1');
    await lab.say('/model mine default');
    assert.equal(await asked('hello'), 'large-1');
    await lab.say('/model channel default');
    assert.equal(await asked('hello'), 'small-1');
  });

  it('keeps preferences and the session over a restart', async () => {
    await lab.say('/model mine other-1');
    await lab.say('/model large-1');
    await lab.boot(() => ({ kind: 'answer', text: 'Yes.' }));
    assert.equal(await asked('hello'), 'large-1');
    assert.equal(await asked('hello', { room: 'elsewhere' }), 'other-1');
  });

  it('shows every level and what there is to choose from', async () => {
    await lab.say('/model mine other-1');
    const answer = await lab.say('/model');
    assert.match(answer, /'other-1' answers you here: chosen for you, wherever you write/);
    assert.match(answer, /To choose from: small-1, large-1, other-1/);
  });

  it('refuses a model that is not offered, and passes over one that is not any more', async () => {
    assert.match(await lab.say('/model gpt-unheard-of'), /is not one of 'scripted'.*small-1, large-1, other-1/s);
    assert.equal(await asked('hello'), 'small-1');
    await lab.store.putSetting({ kind: 'user', actor: { channelType: 'slack', userId: 'anna' } }, 'model', 'retired-1');
    assert.equal(await asked('hello'), 'small-1');
    assert.match(await lab.say('/model mine'), /Write one of: \/model/);
  });
});
