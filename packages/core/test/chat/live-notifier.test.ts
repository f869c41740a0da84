import assert from 'node:assert/strict';
import {
  AppError,
  LiveNotifier,
  MemoryIncidentLog,
  RuleRouting,
  plainMessage,
  routingConfig,
  toRoutingRules,
} from '@dogwatch/core';
import type { LiveMessage, RoutingConfig, Severity } from '@dogwatch/core';
import { ManualClock, RecordingLogger } from '@dogwatch/testkit';
import { FakeChannel, tooManyRequests } from './fake-channel.js';

type About = NonNullable<LiveMessage['about']>;

const about = (change: Partial<About> = {}): About => ({
  cluster: 'homelab',
  namespace: 'shop',
  severity: 'warning',
  labels: {},
  ...change,
});

function incident(id: string, title: string, change: Partial<About> = {}): LiveMessage {
  const message = { ...plainMessage(''), title, severity: change.severity ?? ('warning' as Severity) };
  return { messageKey: 'incident', stream: `incident/${id}`, message, about: about(change) };
}

async function rules(config: unknown): Promise<RuleRouting> {
  const result = await routingConfig['~standard'].validate(config);
  assert.ok(result.issues === undefined, JSON.stringify(result.issues));
  return new RuleRouting(toRoutingRules(result.value as RoutingConfig));
}

describe('live messages', () => {
  let clock: ManualClock;
  let log: MemoryIncidentLog;
  let slack: FakeChannel;
  let telegram: FakeChannel;

  beforeEach(() => {
    clock = new ManualClock();
    log = new MemoryIncidentLog();
    slack = new FakeChannel('slack', ['C1', 'C2'], { edits: true, buttons: true, threads: true });
    telegram = new FakeChannel('telegram', ['-100']);
  });

  const notifierWith = (...policies: RuleRouting[]): LiveNotifier =>
    new LiveNotifier([slack, telegram], log, clock, new RecordingLogger(), policies);

  async function settle(showing: Promise<void>): Promise<void> {
    await clock.flush();
    await clock.flush();
    await showing;
  }

  it('go to all rooms of all channels as long as nothing is said about routing, and are edited there', async () => {
    const notifier = notifierWith();
    await settle(notifier.show(incident('a', 'api crashes')));
    await settle(notifier.show(incident('a', 'api crashes again')));
    for (const posts of [slack.inRoom('C1'), slack.inRoom('C2'), telegram.inRoom('-100')]) {
      assert.deepEqual(
        posts.map(({ versions }) => versions.map(({ title }) => title)),
        [['api crashes', 'api crashes again']],
      );
    }
  });

  it('go to the room that the first fitting rule names: two rooms, one incident each', async () => {
    const notifier = notifierWith(
      await rules([
        { name: 'payments', match: { namespace: ['pay-*'], severity: ['critical', 'high'] }, to: ['slack:C1'] },
        { name: 'data-team', match: { labels: { team: 'da*' } }, to: ['telegram:-100/7', 'slack:C2'] },
        { name: 'rest', match: { cluster: ['homelab'] }, to: ['slack:C2'] },
      ]),
    );
    await settle(notifier.show(incident('a', 'pay', { namespace: 'pay-eu', severity: 'critical' })));
    await settle(notifier.show(incident('b', 'other', { namespace: 'pay-eu', severity: 'info' })));
    await settle(notifier.show(incident('c', 'data', { labels: { team: 'data' } })));
    assert.deepEqual(
      slack.posts.map(({ destination, message }) => [destination.room, message.title]),
      [
        ['C1', 'pay'],
        ['C2', 'other'],
        ['C2', 'data'],
      ],
    );
    assert.deepEqual(
      telegram.posts.map(({ destination }) => destination),
      [{ channelType: 'telegram', room: '-100', thread: '7' }],
    );
  });

  it('stay where they were posted when routing would say otherwise now, also after a restart, and approvals follow', async () => {
    const byTeam = await rules([
      { name: 'data', match: { labels: { team: 'data' } }, to: ['slack:C1'] },
      { name: 'rest', to: ['slack:C2'] },
    ]);
    await settle(notifierWith(byTeam).show(incident('a', 'api slow')));
    const next = notifierWith(byTeam);
    await settle(next.show(incident('a', 'api down', { labels: { team: 'data' } })));
    const question = { ...incident('a', 'Approve?', { labels: { team: 'data' } }), messageKey: 'approval/7f3ka2' };
    await settle(next.show(question));
    assert.deepEqual(slack.inRoom('C1'), []);
    assert.deepEqual(
      slack.inRoom('C2').map(({ message }) => message.title),
      ['api down', 'Approve?'],
    );
  });

  it('are edited where they stand also when the settings name other rooms by now', async () => {
    await settle(notifierWith().show(incident('a', 'api slow')));
    const policy = await rules([{ name: 'all', to: ['slack:C1'] }]);
    await settle(notifierWith(policy).show(incident('a', 'api is well')));
    for (const posts of [slack.inRoom('C1'), slack.inRoom('C2'), telegram.inRoom('-100')]) {
      assert.deepEqual(
        posts.map(({ message }) => message.title),
        ['api is well'],
      );
    }
  });

  it('go to the rooms for what is worse as well once it has got worse, and stay there when it is better again', async () => {
    const bySeverity = await rules([
      { name: 'bad', match: { severity: ['critical'] }, to: ['slack:C1', 'slack:C2'] },
      { name: 'rest', to: ['slack:C2'] },
    ]);
    await settle(notifierWith(bySeverity).show(incident('a', 'api slow')));
    assert.deepEqual(slack.inRoom('C1'), []);
    await settle(notifierWith(bySeverity).show(incident('a', 'api down', { severity: 'critical' })));
    await settle(notifierWith(bySeverity).show(incident('a', 'api slow again')));
    for (const room of ['C1', 'C2']) {
      assert.deepEqual(
        slack.inRoom(room).map(({ message }) => message.title),
        ['api slow again'],
      );
    }
  });

  it('are edited where they stand by whoever comes after a kill, and never posted twice', async () => {
    const policy = await rules([{ name: 'all', to: ['slack:C1', 'telegram:-100'] }]);
    // The second room was not reached before the end.
    telegram.fail = () => new AppError('DW_CHANNEL_DESTINATION', 'Cut off.', { isRetryable: true });
    void notifierWith(policy).show(incident('a', 'api crashes'));
    await clock.flush();
    telegram.fail = () => null;
    const replicas = [notifierWith(policy), notifierWith(policy)] as const;
    await settle(replicas[0].show(incident('a', 'api crashes')));
    await settle(replicas[1].show(incident('a', 'api crashes')));
    await settle(replicas[1].show(incident('a', 'api is well')));
    for (const posts of [slack.inRoom('C1'), telegram.inRoom('-100')]) {
      assert.deepEqual(
        posts.map(({ versions }) => versions.map(({ title }) => title)),
        [['api crashes', 'api is well']],
      );
    }
  });

  it('are sent by nobody whose term is over', async () => {
    const term = new AbortController();
    const notifier = notifierWith();
    const shown = notifier.show({ ...incident('a', 'api crashes'), signal: term.signal });
    term.abort();
    await settle(shown);
    assert.deepEqual([...slack.posts, ...telegram.posts], []);
  });

  it('are not posted anew where they never were when they are only to be brought up to date', async () => {
    const policy = await rules([{ name: 'all', to: ['slack:C1'] }]);
    await settle(notifierWith(policy).show(incident('a', 'api crashes')));
    for (const id of ['a', 'b']) await settle(notifierWith(policy).show({ ...incident(id, 'over'), isEditOnly: true }));
    assert.deepEqual(slack.texts(), ['over']);
  });

  it('wait for the end of quiet hours, but for what is critical, and then show the newest state', async () => {
    const quiet = { from: '22:00', to: '07:30', timeZone: 'Europe/Berlin' };
    const notifier = notifierWith(await rules([{ name: 'all', to: ['slack:C1'], quietHours: quiet }]));
    // The clock stands at 00:00 UTC, which is 01:00 in Berlin.
    await settle(notifier.show(incident('a', 'api slow')));
    await settle(notifier.show(incident('b', 'node gone', { severity: 'critical' })));
    await settle(notifier.show(incident('a', 'api slow twice')));
    await settle(notifier.show({ ...incident('a', 'Expired'), messageKey: 'approval/7f3ka2' }));
    assert.deepEqual(slack.texts(), ['node gone']);
    await clock.advance(6.5 * 3_600_000 - 1_000);
    assert.deepEqual(slack.texts(), ['node gone']);
    await clock.advance(1_000);
    assert.deepEqual(slack.texts(), ['node gone', 'api slow twice']);
    await settle(notifier.show(incident('a', 'api well')));
    assert.deepEqual(slack.texts(), ['node gone', 'api well']);
  });

  describe('in quiet hours', () => {
    const nights = { name: 'all', to: ['slack:C1'], quietHours: { from: '22:00', to: '07:00' } };
    const question = (change: Partial<LiveMessage> = {}): LiveMessage => {
      const buttons = [{ label: 'Approve', action: 'approve' as const, approvalId: '7f3ka2' }];
      const message = { ...plainMessage(''), title: 'Approve?', buttons };
      return { ...incident('a', ''), messageKey: 'approval/7f3ka2', message, ...change };
    };

    it('ask what somebody waits for who is awake', async () => {
      const notifier = notifierWith(await rules([nights]));
      await settle(notifier.show(question({ isAwaited: true })));
      assert.deepEqual(slack.texts(), ['Approve?']);
    });

    it('end a question that nobody was asked: in the morning there is what can be asked again, or nothing', async () => {
      const notifier = notifierWith(await rules([nights]));
      await settle(notifier.show(question()));
      await settle(notifier.show(question({ messageKey: 'approval/8f3ka2' })));
      const buttons = [{ label: 'Ask again', action: 'ask-again' as const, approvalId: '7f3ka2' }];
      const expired = { ...plainMessage(''), title: 'Expired', buttons };
      await settle(notifier.show(question({ message: expired, isEditOnly: true })));
      const superseded = { ...expired, title: 'No longer needed', buttons: [] };
      await settle(notifier.show(question({ messageKey: 'approval/8f3ka2', message: superseded, isEditOnly: true })));
      await clock.advance(7 * 3_600_000);
      assert.deepEqual(slack.texts(), ['Expired']);
    });

    it('are forgotten when the app stops: who comes next holds them anew', async () => {
      const policy = await rules([nights]);
      const notifier = notifierWith(policy);
      await settle(notifier.show(incident('a', 'api slow')));
      notifier.stop();
      const next = notifierWith(policy);
      await settle(next.show(incident('a', 'api slow')));
      await clock.advance(7 * 3_600_000);
      assert.deepEqual(slack.calls, ['C1: api slow']);
    });

    it('show once what has got worse in the night', async () => {
      const notifier = notifierWith(await rules([nights]));
      await settle(notifier.show(incident('a', 'api slow')));
      await settle(notifier.show(incident('a', 'api down', { severity: 'critical' })));
      assert.deepEqual(slack.texts(), ['api down']);
      await clock.advance(7 * 3_600_000);
      assert.deepEqual(slack.calls, ['C1: api down']);
    });
  });

  it('leave a room alone for as long as it says, and go on in others meanwhile', async () => {
    let refusals = 1;
    slack.fail = ({ room }) => (room === 'C1' && refusals-- > 0 ? tooManyRequests(30_000) : null);
    const notifier = notifierWith();
    const shown = Promise.all([notifier.show(incident('a', 'one')), notifier.show(incident('b', 'two'))]);
    await clock.advance(29_000);
    assert.deepEqual(slack.inRoom('C1'), []);
    assert.equal(slack.inRoom('C2').length, 2);
    assert.equal(telegram.posts.length, 2);
    await clock.advance(2_000);
    await shown;
    assert.equal(slack.inRoom('C1').length, 2);
  });

  it('sum up a storm: of 1,000 incidents with three changes each in 10 s a room gets 20 messages and one digest', async () => {
    const notifier = notifierWith();
    const shown: Promise<void>[] = [];
    for (let second = 0; second < 10; second++) {
      for (let index = 0; index < 100; index++) {
        const id = `${second}-${index}`;
        for (const state of ['opened', 'matched', 'asks'])
          shown.push(notifier.show(incident(id, `api ${id} ${state}`)));
      }
      await clock.advance(1_000);
    }
    assert.ok(telegram.calls.length <= 50, `${telegram.calls.length} deliveries`);
    await clock.advance(120_000);
    await Promise.all(shown);
    assert.equal(telegram.posts.length, 21);
    const digest = telegram.posts.find(({ message }) => message.title?.endsWith('more incidents'))?.message;
    assert.equal(digest?.title, '980 more incidents');
    assert.match(digest?.blocks[0]?.text ?? '', /… and 970 more/);
    assert.equal(digest?.facts[0]?.value, '/incident list');
  });

  it('go on with the digest of a storm where it stands after a kill, also with what it did not show yet', async () => {
    const policy = await rules([{ name: 'all', to: ['slack:C1'] }]);
    const one = notifierWith(policy);
    for (let index = 0; index < 22; index++) void one.show(incident(`a${index}`, `api ${index}`));
    await clock.advance(10_000);
    assert.equal(slack.inRoom('C1').length, 21);
    void one.show(incident('late', 'api late', { severity: 'critical' }));
    await clock.flush();
    one.stop();
    const two = notifierWith(policy);
    await settle(two.show({ ...incident('a0', 'api 0 is well'), isEditOnly: true }));
    await clock.advance(10_000);
    const digests = slack.posts.filter(({ message }) => message.title?.includes('more incident'));
    assert.deepEqual(
      digests.map(({ versions }) => versions.map(({ title }) => title)),
      [['2 more incidents', '3 more incidents']],
    );
    assert.match(digests[0]?.message.blocks[0]?.text ?? '', /^critical {2}late\n {2}api late/);
  });

  it('keep the lines of a digest true, also long after the storm, and begin no other one by that', async () => {
    const notifier = notifierWith(await rules([{ name: 'all', to: ['slack:C1'] }]));
    const all = Array.from({ length: 22 }, (_, index) => `a${index}`);
    for (const id of all) void notifier.show(incident(id, `api ${id}`, { severity: 'critical' }));
    await clock.advance(30 * 60_000);
    for (const id of all) void notifier.show(incident(id, `Resolved: api ${id}`, { severity: 'info' }));
    await clock.advance(60_000);
    const [digest, ...others] = slack.posts.filter(({ message }) => message.title?.includes('more incident'));
    assert.deepEqual(others, []);
    assert.equal(digest?.message.severity, 'info');
    assert.match(
      digest.message.blocks[0]?.text ?? '',
      /^info {2}a21\n {2}Resolved: api a21\ninfo {2}a20\n {2}Resolved: api a20$/,
    );
  });

  it('begin another digest when the next storm comes', async () => {
    const notifier = notifierWith(await rules([{ name: 'all', to: ['slack:C1'] }]));
    for (const storm of ['a', 'b']) {
      for (let index = 0; index < 21; index++) void notifier.show(incident(`${storm}${index}`, `api ${storm}`));
      await clock.advance(11 * 60_000);
    }
    assert.deepEqual(
      slack.texts().filter((text) => text.includes('more incident')),
      ['1 more incident', '1 more incident'],
    );
  });

  it('ask for approval in a storm all the same', async () => {
    const notifier = notifierWith();
    const shown = Array.from({ length: 100 }, (_, index) => notifier.show(incident(`i${index}`, `api ${index}`)));
    const buttons = [{ label: 'Approve', action: 'approve' as const, approvalId: '7f3ka2' }];
    const question = { ...plainMessage(''), title: 'Approve?', buttons };
    shown.push(notifier.show({ ...incident('i99', ''), messageKey: 'approval/7f3ka2', message: question }));
    await clock.advance(10_000);
    await Promise.all(shown);
    assert.ok(telegram.texts().includes('Approve?'));
  });

  it('put details into the thread of their message, where there are threads, and not without end', async () => {
    const notifier = notifierWith();
    await settle(notifier.show(incident('a', 'api crashes')));
    for (let index = 0; index < 40; index++) {
      const detail = { messageKey: `detail/${index}`, stream: 'incident/a', message: plainMessage(`step ${index}`) };
      await clock.advance(2_000);
      await settle(notifier.show({ ...detail, under: 'incident' }));
    }
    const [parent, ...details] = slack.inRoom('C1');
    assert.equal(details.length, 30);
    assert.ok(details.every(({ destination }) => destination.thread === parent?.messageId));
    assert.deepEqual(telegram.texts(), ['api crashes']);
  });

  it('are recorded as failed when a channel refuses them, and tried again with their next change', async () => {
    const notifier = notifierWith(await rules([{ name: 'all', to: ['slack:C1'] }]));
    let isAway = true;
    slack.fail = () => (isAway ? tooManyRequests(0) : null);
    const shown = notifier.show(incident('a', 'one'));
    await clock.advance(240_000);
    await shown;
    const types = (await log.readStream('incident/a')).map(({ type }) => type);
    assert.deepEqual(types, ['routed', 'notification-failed']);
    isAway = false;
    await settle(notifier.show(incident('a', 'two')));
    assert.deepEqual(slack.texts(), ['two']);
  });
});
