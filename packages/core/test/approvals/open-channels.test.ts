import assert from 'node:assert/strict';
import { AppError, ChannelAdapter, PeopleSource, definePlugin, formatPlainText } from '@dogwatch/core';
import type { ApprovalsConfig, ChannelAudience, HealthReport, Person } from '@dogwatch/core';
import { FakeChannel } from '../chat/fake-channel.js';
import { contains, RunLab } from '../runs/run-lab.js';

const anna: Person = { id: 'anna', name: 'Anna Berg', identities: ['slack:U1'], roles: [] };

class OpenTo extends FakeChannel {
  constructor(
    type: string,
    readonly audience: ChannelAudience,
  ) {
    super(type);
  }
}

describe('a channel where more people can write than the settings name', () => {
  let lab: RunLab;
  let terminal: FakeChannel;

  beforeEach(() => {
    lab = new RunLab();
    terminal = new OpenTo('terminal', 'named');
  });

  async function start(
    channels: readonly FakeChannel[],
    config: Partial<ApprovalsConfig> = {},
    people: readonly Person[] = [],
  ): Promise<HealthReport | undefined> {
    lab.config = config;
    lab.plugins = [
      definePlugin({
        id: 'lab-channels',
        register: ({ contribute }) => {
          for (const channel of [...channels, terminal]) contribute(ChannelAdapter).value(channel);
          contribute(PeopleSource).value({ people });
        },
      })(),
    ];
    const { parts } = await lab.boot();
    return parts.health.find(({ name }) => name === 'approvers')?.check();
  }

  const toldOnTerminal = (): readonly string[] => terminal.posts.map(({ message }) => formatPlainText(message));
  const rule = { votes: 1, requesterMayApprove: true };

  it('is warned of in the health, in the log and on the terminal, with what to write', async () => {
    const report = await start([new OpenTo('slack', 'members'), new FakeChannel('matrix'), new OpenTo('web', 'named')]);
    assert.equal(report?.status, 'degraded');
    contains(report?.message, 'Everybody who can write in slack or matrix may approve changes');
    contains(report?.message, "approvers: ['api:*', 'matrix:*', 'slack:*', 'terminal:*', 'web:*']");
    assert.deepEqual(toldOnTerminal(), [`Beware: ${report?.message}`]);
    assert.equal(lab.logger.linesOf('approvers_open')[0]?.fields['warning'], report?.message);
  });

  it('is nothing to warn of once it is said who may decide, or that all may', async () => {
    const said: readonly [Partial<ApprovalsConfig>, readonly Person[]][] = [
      [{}, [anna]],
      [{ approvers: ['slack:U1'] }, []],
      [{ approvers: ['slack:*', 'web:*'] }, []],
      [{ approverRules: [{ ...rule, who: ['slack:U1'] }] }, []],
    ];
    for (const [config, people] of said) {
      const report = await start([new OpenTo('slack', 'members')], config, people);
      assert.equal(report?.status, 'ok', JSON.stringify(config));
    }
    assert.deepEqual(toldOnTerminal(), []);
    assert.deepEqual(lab.logger.linesOf('approvers_open'), []);
  });

  it('is warned of where rules name approvers for some changes alone', async () => {
    const some = { approverRules: [{ ...rule, risk: ['high' as const], who: ['slack:U1'] }] };
    assert.equal((await start([new OpenTo('slack', 'members')], some))?.status, 'degraded');
  });

  it('is none where the settings name everybody who can write', async () => {
    assert.equal((await start([new OpenTo('telegram', 'named')]))?.status, 'ok');
  });

  it('does not keep Dogwatch from starting when the terminal takes no text', async () => {
    terminal.fail = () => new AppError('DW_CHANNEL_DESTINATION', 'The terminal is gone.');
    assert.equal((await start([new OpenTo('slack', 'members')]))?.status, 'degraded');
    assert.equal(lab.logger.linesOf('approvers_unsaid').length, 1);
  });

  it('is not started with at all when that is anybody in the world, unless it is said who is who', async () => {
    const world = [new OpenTo('telegram', 'anybody')];
    for (const config of [{}, { approvers: ['telegram:42'] }, { approvers: ['telegram:*'] }]) {
      await assert.rejects(
        start(world, config),
        /Anybody in the world can write to Dogwatch in telegram, and `users` is empty: .*List in `users` who is who/,
      );
    }
    assert.equal((await start(world, {}, [anna]))?.status, 'ok');
  });
});
