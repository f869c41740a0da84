import assert from 'node:assert/strict';
import { People } from '@dogwatch/core';
import { ChannelModelPolicy } from '../../dist/conversation/channel-model-policy.js';
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

describe('/model channel', () => {
  let lab: TalkLab;
  const person = (id: string, ...roles: string[]): object => ({
    id,
    name: id,
    identities: [`slack:${id}`],
    roles,
  });
  const boot = async (users: readonly object[], settings: object = {}): Promise<void> => {
    lab = new TalkLab();
    lab.users = users;
    lab.settings = settings;
    await lab.boot(() => ({ kind: 'answer', text: 'Yes.' }));
  };
  const asked = async (userId: string): Promise<string | undefined> => {
    await lab.say('hello', { userId });
    return lab.llm.requests.at(-1)?.model;
  };
  const refusals = (): readonly unknown[] =>
    lab.logger.linesOf('conversation.channel-model-refused').map(({ fields }) => fields['user_id']);
  afterEach(() => lab.stop());

  it('is for admins and operators once people are listed, and the log says who did it', async () => {
    await boot([person('anna', 'admin'), person('ben', 'operator'), person('cleo', 'oncall')]);
    assert.match(await lab.say('/model channel large-1', { userId: 'anna' }), /'large-1' answers in this channel/);
    assert.equal(await asked('cleo'), 'large-1');
    assert.match(await lab.say('/model channel other-1', { userId: 'ben' }), /'other-1' answers in this channel/);
    assert.equal(await asked('cleo'), 'other-1');
    const [set] = lab.logger.linesOf('conversation.channel-model-set');
    assert.deepEqual(set?.fields, { user_id: 'anna', channel: 'slack', room: 'ops', model: 'large-1' });
  });

  it('is refused to others politely, logged, and changes nothing, nor does taking it back', async () => {
    await boot([person('anna', 'admin'), person('cleo', 'oncall')]);
    await lab.say('/model channel large-1', { userId: 'anna' });
    for (const name of ['other-1', 'default', 'unheard-of']) {
      const answer = await lab.say(`/model channel ${name}`, { userId: 'cleo' });
      assert.match(answer, /it takes one of: role:admin, role:operator\. Nothing was changed\..*\/model mine <name>/);
    }
    assert.equal(await asked('cleo'), 'large-1');
    assert.deepEqual(refusals(), ['cleo', 'cleo', 'cleo']);
  });

  it('leaves the levels of a person to everybody who is listed', async () => {
    await boot([person('anna', 'admin'), person('cleo')]);
    await lab.say('/model channel large-1', { userId: 'anna' });
    await lab.say('/model mine other-1', { userId: 'cleo' });
    assert.equal(await asked('cleo'), 'other-1');
    await lab.say('/model small-1', { userId: 'cleo' });
    assert.equal(await asked('cleo'), 'small-1');
    assert.equal(await asked('anna'), 'large-1');
  });

  it('is refused to somebody who is not listed, which the log keeps', async () => {
    for (const unknownPeople of ['refuse', 'read']) {
      lab = new TalkLab();
      lab.users = [person('anna', 'admin')];
      lab.approvalSettings = { unknownPeople };
      await lab.boot(() => ({ kind: 'answer', text: 'Yes.' }));
      const answer = await lab.say('/model channel large-1', { userId: 'mallory' });
      assert.match(answer, /I do not know you as 'slack:mallory'/);
      assert.equal(await asked('anna'), 'small-1');
      const [noted] = await lab.log.readStream('people/unknown');
      assert.deepEqual(noted?.actor, { channelType: 'slack', userId: 'mallory' });
      await lab.stop();
    }
  });

  it('is for those whom the settings name, by role, person or identity', async () => {
    const channelModelBy = ['role:llm', 'user:ben', 'slack:d*'];
    await boot([person('anna', 'admin'), person('ben'), person('cleo', 'llm'), person('dora')], { channelModelBy });
    for (const userId of ['ben', 'cleo', 'dora']) {
      assert.match(await lab.say('/model channel large-1', { userId }), /'large-1' answers in this channel/);
    }
    assert.match(await lab.say('/model channel other-1', { userId: 'anna' }), /role:llm, user:ben, slack:d\*/);
    assert.equal(await asked('anna'), 'large-1');
  });

  it('keeps to what the settings name also where nobody is listed', async () => {
    await boot([], { channelModelBy: ['slack:anna'] });
    assert.match(await lab.say('/model channel large-1', { userId: 'ben' }), /it takes one of: slack:anna/);
    assert.match(await lab.say('/model channel large-1', { userId: 'anna' }), /'large-1' answers/);
    assert.deepEqual(refusals(), ['ben']);
  });
});

describe('ChannelModelPolicy', () => {
  it('knows no stranger, whoever asks it', () => {
    const anna = { id: 'anna', name: 'Anna', identities: ['slack:anna'], roles: ['admin'] };
    const policy = new ChannelModelPolicy(new People([{ people: [anna] }]), { channelModelBy: ['slack:*'] });
    assert.match(policy.findRefusal({ channelType: 'slack', userId: 'mallory' }) ?? '', /I do not know you/);
    assert.equal(policy.findRefusal({ channelType: 'slack', userId: 'anna' }), null);
  });
});
