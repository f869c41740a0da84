import assert from 'node:assert/strict';
import {
  approvalsConfig,
  ChannelAdapter,
  definePlugin,
  isAppError,
  Leadership,
  LeaseLeadership,
  LiveNotifier,
  MemoryLeaseStore,
  PeopleSource,
} from '@dogwatch/core';
import type {
  ApprovalsConfig,
  IncidentLog,
  LeaseStore,
  OutgoingMessage,
  Person,
  Plugin,
  QuietHours,
} from '@dogwatch/core';
import { RecordingNotifier } from '@dogwatch/testkit';
import { FakeChannel, tooManyRequests } from '../chat/fake-channel.js';
import { caught } from '../fixtures/caught.js';
import { anna, ben, contains, RunLab, setStep } from '../runs/run-lab.js';
import type { LabProcess } from '../runs/run-lab.js';

const minuteMs = 60_000;
const people: readonly Person[] = [
  { id: 'anna', name: 'Anna Berg', identities: ['web:anna', 'slack:U1'], roles: ['sre'] },
  { id: 'ben', name: 'Ben Tal', identities: ['slack:ben'], roles: [] },
];

async function escalation(steps: unknown, more: object = {}): Promise<Partial<ApprovalsConfig>> {
  const result = await approvalsConfig['~standard'].validate({
    timeoutSeconds: 900,
    escalation: [{ steps }],
    ...more,
  });
  assert.ok(result.issues === undefined, JSON.stringify(result.issues));
  return result.value as ApprovalsConfig;
}

/** A lab whose approvals are asked in rooms, as they are with a real notifier. */
class RoomLab extends RunLab {
  readonly slack = new FakeChannel('slack', ['ops', 'oncall'], { edits: true, buttons: true, threads: true });

  live: LiveNotifier | null = null;
  quietHours: QuietHours | null = null;

  constructor() {
    super();
    Object.assign(this.slack, {
      findRoomMistake: ({ room }: { room: string }) =>
        ['ops', 'oncall', 'U1'].includes(room) ? null : `it has no '${room}'.`,
    });
    const shown = definePlugin({
      id: 'lab-rooms',
      register: ({ contribute }) => {
        contribute(ChannelAdapter).value(this.slack);
        contribute(PeopleSource).value({ people });
      },
    });
    this.plugins = [shown()];
  }

  /** Boots as a process that shows its messages in the room `ops`. */
  async bootWithRooms(log: IncidentLog = this.log): Promise<LabProcess> {
    const route = { rule: 'all', to: ['slack:ops'], quietHours: this.quietHours };
    const live = new LiveNotifier([this.slack], log, this.clock, this.logger, [{ rooms: [], route: () => route }]);
    this.live = live;
    // Each process has its own.
    const notifier = new RecordingNotifier();
    notifier.show = (message) => live.show(message);
    Object.assign(this, { notifier });
    return this.boot();
  }

  async askInRooms(): Promise<{ process: LabProcess; approvalId: string }> {
    await this.openIncident();
    const process = await this.bootWithRooms();
    assert.ok((await process.runs.start(this.request())).ok);
    await this.settle();
    return { process, approvalId: (await this.pending()).id };
  }

  questions(room: string): readonly OutgoingMessage[] {
    return this.slack.inRoom(room).flatMap(({ message, destination }) => (destination.thread ? [] : [message]));
  }
}

/** Leadership by leases of a store, in place of that of a process alone. */
function leadership(lab: RunLab, store: LeaseStore): Plugin {
  return definePlugin({
    id: 'lab-leases',
    provides: [Leadership],
    replaces: [Leadership],
    register: ({ bind }) => bind(Leadership).toValue(new LeaseLeadership(store, lab.clock, lab.logger, store)),
  })();
}

describe('an approval that nobody decides', () => {
  it('is asked again where it was asked, then elsewhere, and expires as ever', async () => {
    const lab = new RoomLab();
    lab.config = await escalation([{ afterSeconds: 120 }, { afterSeconds: 300, to: ['slack:oncall'] }]);
    await lab.askInRooms();
    await lab.clock.advance(2 * minuteMs - 1_000);
    assert.equal(lab.questions('ops').length, 1);
    await lab.clock.advance(1_000);
    const [, again] = lab.questions('ops');
    assert.equal(again?.title, 'Still open: Approve? Fake set template Deployment shop/web (template: new)');
    assert.ok(again.text.startsWith('Nobody has decided this since 00:00:00 UTC.\n'), again.text);
    contains(again.text, 'Nothing is changed unless you approve by 00:15:00 UTC, 15 min after this was asked.');
    assert.deepEqual(lab.questions('oncall'), []);
    await lab.clock.advance(3 * minuteMs);
    const [escalated] = lab.questions('oncall');
    assert.equal(escalated?.title, 'Nobody answered: Approve? Fake set template Deployment shop/web (template: new)');
    contains(escalated.text, 'so it is asked here too. Only people who may approve it can decide, here as anywhere.');
    assert.equal(escalated.buttons.length, 2);
    await lab.clock.advance(11 * minuteMs);
    const all = [...lab.questions('ops'), ...lab.questions('oncall')];
    assert.equal(all.length, 3);
    for (const message of all) {
      assert.deepEqual(
        message.buttons.map(({ action }) => action),
        ['ask-again'],
      );
      contains(message.title, 'Expired');
    }
  });

  it('loses its buttons everywhere as soon as one of the questions is answered', async () => {
    const lab = new RoomLab();
    lab.config = await escalation([{ afterSeconds: 60 }, { afterSeconds: 120, to: ['slack:oncall'] }]);
    const { process, approvalId } = await lab.askInRooms();
    await lab.clock.advance(3 * minuteMs);
    await process.approvals.decide({ approvalId, decision: 'approve', actor: anna });
    await lab.clock.advance(minuteMs);
    const all = [...lab.questions('ops'), ...lab.questions('oncall')];
    assert.equal(all.length, 3);
    for (const message of all) {
      assert.deepEqual(message.buttons, []);
      contains(message.text, 'Approved by Anna Berg (web:anna)');
    }
    assert.equal(lab.world.effects.length, 1);
  });

  it('goes on where it stands after a restart: asked nobody twice, and whom it missed at once', async () => {
    const lab = new RoomLab();
    lab.config = await escalation([
      { afterSeconds: 60 },
      { afterSeconds: 120 },
      { afterSeconds: 180 },
      { afterSeconds: 240, to: ['slack:oncall'] },
      { afterSeconds: 600, to: ['user:anna'] },
    ]);
    const { process } = await lab.askInRooms();
    await lab.clock.advance(minuteMs);
    assert.equal(lab.questions('ops').length, 2);
    await process.app.stop();
    await lab.clock.advance(4 * minuteMs);
    assert.equal(lab.questions('ops').length, 2);
    await lab.bootWithRooms();
    await lab.settle();
    // Of the two that were missed in the same room one is enough.
    assert.equal(lab.questions('ops').length, 3);
    assert.equal(lab.questions('oncall').length, 1);
    await lab.clock.advance(4 * minuteMs);
    assert.deepEqual(lab.questions('U1'), []);
    await lab.clock.advance(minuteMs);
    assert.equal(lab.questions('U1').length, 1);
    assert.equal(lab.questions('ops').length + lab.questions('oncall').length, 4);
  });

  it('goes on at the replica that takes over when the leader is cut off, and nobody is asked twice', async () => {
    const lab = new RoomLab();
    lab.config = await escalation([{ afterSeconds: 60 }, { afterSeconds: 180, to: ['slack:oncall'] }]);
    const shared = new MemoryLeaseStore(lab.clock);
    let isCutOff = false;
    const reach = <T>(ask: () => Promise<T>): Promise<T> => (isCutOff ? new Promise(() => undefined) : ask());
    const own: LeaseStore = {
      acquire: (request) => reach(() => shared.acquire(request)),
      renew: (lease, ttlMs) => reach(() => shared.renew(lease, ttlMs)),
      release: (lease) => reach(() => shared.release(lease)),
      find: (name) => reach(() => shared.find(name)),
    };
    const { plugins } = lab;
    lab.plugins = [...plugins, leadership(lab, own)];
    const starting = lab.openIncident().then(() => lab.bootWithRooms());
    await lab.clock.advance(2_000);
    const process = await starting;
    void process.runs.start(lab.request());
    await lab.clock.advance(70_000);
    assert.equal(lab.questions('ops').length, 2);
    lab.plugins = [...plugins, leadership(lab, shared)];
    const next = lab.bootWithRooms();
    await lab.clock.advance(2_000);
    await next;
    isCutOff = true;
    await lab.clock.advance(3 * minuteMs);
    assert.equal(lab.questions('oncall').length, 1);
    assert.equal(lab.questions('ops').length, 2);
  });

  it('is decided by nobody but its approvers in the room that it comes to', async () => {
    const lab = new RoomLab();
    lab.config = await escalation([{ afterSeconds: 60, to: ['slack:oncall'] }], {
      approverRules: [{ who: ['role:sre'] }],
    });
    const { process, approvalId } = await lab.askInRooms();
    await lab.clock.advance(2 * minuteMs);
    assert.equal(lab.questions('oncall').length, 1);
    const refused = await process.approvals.decide({ approvalId, decision: 'approve', actor: ben });
    assert.equal(refused.kind, 'not-approver');
    const oncall = { channelType: 'slack', userId: 'U1' };
    assert.equal((await process.approvals.decide({ approvalId, decision: 'approve', actor: oncall })).kind, 'recorded');
  });

  it('is not asked again once it is decided, nor where the question still waits for a slow room', async () => {
    const lab = new RoomLab();
    lab.config = await escalation([{ afterSeconds: 60, to: ['slack:oncall'] }]);
    const { process, approvalId } = await lab.askInRooms();
    lab.slack.fail = ({ room }) => (room === 'oncall' ? tooManyRequests(30_000) : null);
    await lab.clock.advance(minuteMs);
    await process.approvals.decide({ approvalId, decision: 'reject', actor: anna });
    lab.slack.fail = () => null;
    await lab.clock.advance(5 * minuteMs);
    assert.deepEqual(lab.questions('oncall'), []);
    assert.equal(lab.questions('ops').length, 1);
  });

  it('is not asked again in quiet hours, in which it was not asked; who is named for that is asked all the same', async () => {
    const lab = new RoomLab();
    lab.quietHours = { fromMinute: 0, toMinute: 7 * 60, timeZone: 'UTC', except: ['critical'] };
    lab.config = await escalation([{ afterSeconds: 60 }, { afterSeconds: 120, to: ['slack:oncall'] }]);
    await lab.askInRooms();
    await lab.clock.advance(5 * minuteMs);
    assert.deepEqual(lab.questions('ops'), []);
    assert.equal(lab.questions('oncall').length, 1);
    await lab.clock.advance(7 * 60 * minuteMs);
    assert.deepEqual(
      lab.questions('ops').map(({ buttons }) => buttons.map(({ action }) => action)),
      [['ask-again']],
    );
  });

  it('is asked again by the first rule that fits it, and by none if there is none', async () => {
    const lab = new RoomLab();
    lab.steps = [{ ...setStep, risk: 'high' }];
    const steps = (to: string): readonly object[] => [{ afterSeconds: 60, to: [to] }];
    lab.config = await escalation([], {
      escalation: [
        { risk: ['medium'], steps: steps('slack:ops') },
        { namespace: ['pay-*'], steps: steps('slack:ops') },
        { cluster: ['other'], steps: steps('slack:ops') },
        { severity: ['info'], steps: steps('slack:ops') },
        { risk: ['high'], namespace: ['sh*'], steps: steps('slack:oncall') },
      ],
    });
    await lab.askInRooms();
    await lab.clock.advance(2 * minuteMs);
    assert.equal(lab.questions('ops').length, 1);
    assert.equal(lab.questions('oncall')[0]?.title?.startsWith('Nobody answered: HIGH RISK, approve?'), true);
  });

  it('leaves no timer behind when the app stops', async () => {
    const lab = new RoomLab();
    lab.config = await escalation([{ afterSeconds: 600 }]);
    const { process } = await lab.askInRooms();
    await process.app.stop();
    lab.live?.stop();
    await lab.settle();
    assert.equal(lab.clock.pendingTimers, 0);
  });
});

describe('the settings of an escalation', () => {
  const refusal = async (steps: unknown): Promise<string> => {
    const lab = new RoomLab();
    lab.config = await escalation(steps);
    const error = await caught(() => lab.boot());
    assert.ok(isAppError(error));
    return error.message;
  };

  it('name rooms that are there, and people who can be written to', async () => {
    contains(
      await refusal([{ afterSeconds: 60, to: ['telegram:-100'] }]),
      "`approvals.escalation` sends to 'telegram:-100': there is no channel 'telegram'. Set it up, or name one of these: slack.",
    );
    contains(await refusal([{ afterSeconds: 60, to: ['slack:C9'] }]), "sends to 'slack:C9': it has no 'C9'.");
    contains(
      await refusal([{ afterSeconds: 60, to: ['user:carl'] }]),
      "sends to 'user:carl', who is not in `users`. Users there are: user:anna, user:ben.",
    );
    contains(
      await refusal([{ afterSeconds: 60, to: ['user:ben'] }]),
      "sends to 'user:ben', whom no channel can write to",
    );
  });

  it('ask before the approval expires, and each time later than before', async () => {
    for (const [steps, said] of [
      [
        [{ afterSeconds: 900 }],
        'comes too late: the approval has expired by then. Make it less than timeoutSeconds (900)',
      ],
      [[{ afterSeconds: 60 }, { afterSeconds: 60 }], 'must be more than that of the step before (60)'],
    ] as const) {
      const result = await approvalsConfig['~standard'].validate({ timeoutSeconds: 900, escalation: [{ steps }] });
      contains(result.issues?.[0]?.message, said);
    }
  });
});
