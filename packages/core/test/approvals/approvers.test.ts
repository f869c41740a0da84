import assert from 'node:assert/strict';
import { People, PeopleSource, definePlugin, formatActor } from '@dogwatch/core';
import type { Actor, ApprovalsConfig, ApproverRule, DecisionOutcome, Person } from '@dogwatch/core';
import { ApproverPolicy } from '../../dist/approvals/approver-policy.js';
import { contains, RunLab, setStep } from '../runs/run-lab.js';
import type { LabProcess } from '../runs/run-lab.js';

const annaOnSlack: Actor = { channelType: 'slack', userId: 'U1' };
const annaOnTelegram: Actor = { channelType: 'telegram', userId: '42' };
const benOnSlack: Actor = { channelType: 'slack', userId: 'U2' };
const carlOnWeb: Actor = { channelType: 'web', userId: 'carl' };
const stranger: Actor = { channelType: 'slack', userId: 'U666' };

const everybody: readonly Person[] = [
  { id: 'anna', name: 'Anna Berg', identities: ['slack:U1', 'telegram:42'], roles: ['sre', 'oncall'] },
  { id: 'ben', name: 'Ben Ito', identities: ['slack:U2'], roles: ['sre'] },
  { id: 'carl', name: 'Carl Moe', identities: ['web:carl'], roles: ['oncall'] },
];

type Rule = ApprovalsConfig['approverRules'][number];

const rule = (change: Partial<Rule>): Rule => ({ who: ['role:sre'], votes: 1, requesterMayApprove: true, ...change });

describe('who may approve', () => {
  let lab: RunLab;

  const list = (people: readonly Person[]): void => {
    lab.plugins = [
      definePlugin({
        id: 'lab-people',
        register: ({ contribute }) => contribute(PeopleSource).value({ people }),
      })(),
    ];
  };

  beforeEach(() => {
    lab = new RunLab();
    list(everybody);
  });

  async function decide(process: LabProcess, actor: Actor, more: { decision?: 'reject'; confirm?: string } = {}) {
    const { id } = (await lab.approvals())[0] ?? { id: '' };
    return process.approvals.decide({ approvalId: id, decision: 'approve', actor, ...more });
  }

  function refusalOf(outcome: DecisionOutcome): string {
    assert.ok(outcome.kind === 'not-approver', outcome.kind);
    return outcome.message;
  }

  it('is whoever has a role that the first fitting rule names', async () => {
    lab.config = { approverRules: [rule({ namespace: ['other-*'], who: ['role:oncall'] }), rule({})] };
    const { process } = await lab.ask();
    contains(refusalOf(await decide(process, carlOnWeb)), 'It takes one of: role:sre');
    assert.equal((await decide(process, annaOnSlack)).kind, 'recorded');
  });

  it('is judged by risk, namespace and cluster', async () => {
    lab.steps = [{ ...setStep, risk: 'high' }];
    lab.config = {
      approverRules: [
        rule({ risk: ['low', 'medium'], who: ['user:carl'] }),
        rule({ cluster: ['elsewhere'], who: ['user:carl'] }),
        rule({ risk: ['high'], namespace: ['sh*'], cluster: ['fake'], who: ['user:ben'] }),
      ],
    };
    const { process } = await lab.ask();
    contains(refusalOf(await decide(process, carlOnWeb, { confirm: 'web' })), 'user:ben');
    assert.equal((await decide(process, benOnSlack, { confirm: 'web' })).kind, 'recorded');
  });

  it('is whoever the plain list names where no rule is about the change', async () => {
    lab.config = { approvers: ['web:*'], approverRules: [rule({ namespace: ['elsewhere'] })] };
    const { process } = await lab.ask();
    refusalOf(await decide(process, benOnSlack));
    assert.equal((await decide(process, carlOnWeb)).kind, 'recorded');
  });

  it('is nobody from a channel that the rule does not name', async () => {
    lab.config = { approverRules: [rule({ channels: ['slack'] })] };
    const { process } = await lab.ask();
    contains(refusalOf(await decide(process, annaOnTelegram)), 'from slack alone');
    assert.equal((await decide(process, annaOnSlack)).kind, 'recorded');
  });

  it('is nobody who is not listed, once anybody is', async () => {
    const { process } = await lab.ask();
    contains(refusalOf(await decide(process, stranger)), "do not know you as 'slack:U666'");
    contains(refusalOf(await decide(process, stranger, { decision: 'reject' })), 'do not know you');
    assert.equal((await lab.pending()).status, 'pending');
  });

  it('is not who asked for the change, from whatever channel, where the rule says so', async () => {
    lab.config = { approverRules: [rule({ requesterMayApprove: false })] };
    const { process, approval } = await lab.ask({ requestedBy: annaOnTelegram });
    contains(refusalOf(await decide(process, annaOnSlack)), 'You asked for this change yourself');
    assert.equal((await decide(process, benOnSlack)).kind, 'recorded');
    assert.equal((await lab.approval(approval.id)).status, 'approved');
  });

  it('may take back what they asked for themselves', async () => {
    lab.config = { approverRules: [rule({ requesterMayApprove: false })] };
    const { process } = await lab.ask({ requestedBy: annaOnTelegram });
    assert.equal((await decide(process, annaOnSlack, { decision: 'reject' })).kind, 'recorded');
  });

  it('must be two different people where the rule asks for two votes', async () => {
    lab.config = { approverRules: [rule({ votes: 2 })] };
    const { process, approval } = await lab.ask();
    assert.equal(approval.votesNeeded, 2);
    const first = await decide(process, annaOnSlack);
    assert.ok(first.kind === 'vote-recorded', first.kind);
    contains(first.message, '1 of 2 people who must approve have done so (Anna Berg (slack:U1))');
    await lab.settle();
    assert.equal(lab.world.effects.length, 0);
    contains(lab.notifier.latest(`approval/${approval.id}`)?.text, '1 of 2 people');

    const again = await decide(process, annaOnTelegram);
    assert.equal(again.kind, 'vote-recorded');
    assert.equal((await lab.events('approval-vote')).length, 1);
    assert.equal((await lab.approval(approval.id)).status, 'pending');

    assert.equal((await decide(process, benOnSlack)).kind, 'recorded');
    await lab.settle();
    const decided = await lab.approval(approval.id);
    assert.deepEqual(
      decided.votes.map(({ by }) => by),
      [annaOnSlack, benOnSlack],
    );
    assert.deepEqual(decided.decidedBy, benOnSlack);
    assert.equal(lab.world.effects.length, 1);
    contains(
      lab.notifier.latest(`approval/${approval.id}`)?.text,
      'Approved by Anna Berg (slack:U1) and Ben Ito (slack:U2)',
    );
  });

  it('still need both votes after a restart between them', async () => {
    lab.config = { approverRules: [rule({ votes: 2 })] };
    const { process } = await lab.ask();
    await decide(process, annaOnSlack);
    await process.app.stop();
    const next = await lab.boot();
    assert.equal((await decide(next, annaOnTelegram)).kind, 'vote-recorded');
    assert.equal((await decide(next, benOnSlack)).kind, 'recorded');
  });

  it('count no more with what they voted once they are taken out of the list, or out of the role', async () => {
    for (const [people, left] of [
      [everybody.filter(({ id }) => id !== 'anna'), 'gone'],
      [everybody.map((person) => (person.id === 'anna' ? { ...person, roles: ['oncall'] } : person)), 'moved on'],
    ] as const) {
      lab = new RunLab();
      list(everybody);
      lab.config = { approverRules: [rule({ votes: 2 })] };
      const { process, approval } = await lab.ask();
      await decide(process, annaOnSlack);
      await process.app.stop();
      const dora = { id: 'dora', name: 'Dora Lee', identities: ['slack:U4'], roles: ['sre'] };
      list([...people, dora]);
      const next = await lab.boot();
      const outcome = await decide(next, benOnSlack);
      assert.ok(outcome.kind === 'vote-recorded', `${left}: ${outcome.kind}`);
      contains(outcome.message, '1 of 2 people who must approve have done so (Ben Ito (slack:U2))');
      await lab.settle();
      contains(lab.notifier.latest(`approval/${approval.id}`)?.text, '1 of 2 people');
      assert.equal(lab.world.effects.length, 0);
      assert.equal((await decide(next, { channelType: 'slack', userId: 'U4' })).kind, 'recorded');
    }
  });

  it('count once when two identities turn out to be one person between their votes', async () => {
    const [anna, ...others] = everybody as readonly [Person, ...Person[]];
    const twice = { id: 'anna-too', name: 'Anna B', identities: ['telegram:42'], roles: ['sre'] };
    list([{ ...anna, identities: ['slack:U1'] }, twice, ...others]);
    lab.config = { approverRules: [rule({ votes: 2 })] };
    const { process } = await lab.ask();
    await decide(process, annaOnTelegram);
    await process.app.stop();
    list(everybody);
    const next = await lab.boot();
    assert.equal((await decide(next, annaOnSlack)).kind, 'vote-recorded');
    assert.equal((await lab.pending()).status, 'pending');
    assert.equal((await decide(next, benOnSlack)).kind, 'recorded');
  });

  it('decide with the vote they gave when fewer are asked for by now', async () => {
    lab.config = { approverRules: [rule({ votes: 2 })] };
    const { process } = await lab.ask();
    await decide(process, annaOnSlack);
    await process.app.stop();
    lab.config = { approverRules: [rule({})] };
    assert.equal((await decide(await lab.boot(), annaOnSlack)).kind, 'recorded');
  });

  it('are not who wanted the change, also when somebody else asked again after it had expired', async () => {
    lab.config = { approverRules: [rule({ requesterMayApprove: false })] };
    const { process, approval } = await lab.ask({ requestedBy: annaOnTelegram });
    await lab.clock.advance(301_000);
    assert.ok((await process.runs.askAgain(approval.id, benOnSlack)).ok);
    await lab.settle();
    const { id: approvalId } = await lab.pending();
    const byAnna = await process.approvals.decide({ approvalId, decision: 'approve', actor: annaOnSlack });
    contains(refusalOf(byAnna), 'You asked for this change yourself');
    const byBen = await process.approvals.decide({ approvalId, decision: 'approve', actor: benOnSlack });
    assert.equal(byBen.kind, 'recorded');
  });

  it('need not be approvers to take back what they asked for, and strangers cannot', async () => {
    lab.config = { approverRules: [rule({ channels: ['slack'] })] };
    const { process } = await lab.ask({ requestedBy: carlOnWeb });
    refusalOf(await decide(process, carlOnWeb));
    assert.equal((await decide(process, carlOnWeb, { decision: 'reject' })).kind, 'recorded');
    lab = new RunLab();
    list(everybody);
    const { process: other } = await lab.ask({ requestedBy: stranger });
    refusalOf(await decide(other, stranger, { decision: 'reject' }));
  });

  it('may vote at once, a hundred times, and it is carried out once', async () => {
    lab.config = { approverRules: [rule({ votes: 2 })] };
    const { process, run } = await lab.ask();
    const replica = await lab.boot();
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        decide(index % 2 === 0 ? process : replica, [annaOnSlack, annaOnTelegram, benOnSlack][index % 3] as Actor),
      ),
    );
    assert.equal(outcomes.filter(({ kind }) => kind === 'recorded').length, 1);
    await lab.settle();
    await lab.clock.advance(60_000);
    assert.equal(lab.world.effects.length, 1);
    assert.equal((await lab.run(run.id)).status, 'succeeded');
    assert.equal((await lab.events('approval-vote')).length, 2);
  });

  it('ends it with one rejection, whatever others have voted', async () => {
    lab.config = { approverRules: [rule({ votes: 2 })] };
    const { process, approval } = await lab.ask();
    await decide(process, annaOnSlack);
    assert.equal((await decide(process, benOnSlack, { decision: 'reject' })).kind, 'recorded');
    assert.equal((await lab.approval(approval.id)).status, 'rejected');
    const late = await decide(process, annaOnSlack);
    assert.ok(late.kind === 'already-settled');
    contains(late.message, 'rejected already by Ben Ito (slack:U2) at 00:00:00 UTC');
  });

  it('is nobody where who asked must not approve, and may have been anybody', async () => {
    for (const requestedBy of [carlOnWeb, { channelType: 'api', userId: 'token' }, stranger]) {
      lab = new RunLab();
      list(everybody);
      lab.config = { approverRules: [rule({ requesterMayApprove: false })] };
      const { process } = await lab.ask({ requestedBy });
      const message = refusalOf(await decide(process, annaOnSlack));
      contains(message, `who asked as '${formatActor(requestedBy)}' may be you. Ask for it once more from a channel`);
      assert.equal((await lab.pending()).votes.length, 0);
      assert.equal((await decide(process, benOnSlack, { decision: 'reject' })).kind, 'recorded');
    }
  });

  it('is said at the start to be wrong where the console would let one person be two', async () => {
    list([...everybody, { id: 'dora', name: 'Dora Lee', identities: ['web:dora', 'slack:U4'], roles: ['sre'] }]);
    const separated = [rule({ votes: 2 }), rule({ requesterMayApprove: false }), rule({ who: ['web:*'], votes: 2 })];
    for (const mistake of [...separated, rule({ votes: 2, channels: ['*'] })]) {
      lab.config = { approverRules: [mistake] };
      await assert.rejects(lab.boot(), /admits web:(dora|carl).*, but whoever has the access token can give any name/);
    }
    lab.config = { approverRules: [rule({ votes: 2 })] };
    await assert.rejects(lab.boot(), /Limit it to channels that know who is who: `channels: \[slack, telegram\]`\./);
    lab.config = { approverRules: [rule({ votes: 2, channels: ['slack', 'telegram'] }), rule({})] };
    const { process } = await lab.ask();
    const doraOnWeb = { channelType: 'web', userId: 'dora' };
    contains(refusalOf(await decide(process, doraOnWeb)), 'from slack or telegram alone');
  });

  it('is said at the start to be wrong when nobody can fulfil it', async () => {
    const wrong: readonly [Rule, RegExp][] = [
      [
        rule({ votes: 2, channels: ['telegram'] }),
        /asks for 2 votes of role:sre from telegram, but that is 1 in `users`/,
      ],
      [
        rule({ who: ['role:oncall'], channels: ['slack'], votes: 2 }),
        /asks for 2 votes of role:oncall from slack, but that is 1 in/,
      ],
      [
        rule({ channels: ['terminal'], requesterMayApprove: false }),
        /asks for `requesterMayApprove: false` of role:sre from terminal, but that is 0 in/,
      ],
      [rule({ who: ['role:sres'] }), /'role:sres' may approve, but nobody in `users` has that role\. .*oncall.*sre/s],
      [rule({ who: ['user:dora'] }), /'user:dora' may approve, but is not in `users`/],
      [rule({ votes: 3 }), /asks for 3 votes of role:sre, but that is 2/],
    ];
    for (const [mistake, message] of wrong) {
      lab.config = { approverRules: [mistake] };
      await assert.rejects(lab.boot(), message);
    }
    lab.plugins = [];
    lab.config = { approverRules: [rule({ who: ['slack:*'], votes: 2 })] };
    await assert.rejects(lab.boot(), /asks for 2 votes, but `users` is empty/);
    lab.config = { approverRules: [rule({ who: ['slack:*'], requesterMayApprove: false })] };
    await assert.rejects(
      lab.boot(),
      /asks for `requesterMayApprove: false`, but `users` is empty.* List there who is who/,
    );
  });
});

describe('a rule that takes two people, also where the start did not refuse it', () => {
  const subject = { risk: 'medium', target: { cluster: 'fake', namespace: 'shop' } } as const;
  const policyFor = (change: Partial<ApproverRule>, people: readonly Person[]): ApproverPolicy =>
    new ApproverPolicy([{ who: null, votes: 1, requesterMayApprove: true, ...change }], new People([{ people }]));
  const separated: readonly Partial<ApproverRule>[] = [{ votes: 2 }, { requesterMayApprove: false }];

  it('lets nobody approve as long as nobody is listed, from whatever channel, and anybody reject', () => {
    for (const change of separated) {
      for (const requestedBy of [annaOnSlack, { channelType: 'policy', userId: 'bad-rollout' }]) {
        const voting = { actor: benOnSlack, requestedBy };
        const verdict = policyFor(change, []).judge(subject, { ...voting, decision: 'approve' });
        assert.ok(verdict.kind === 'refused');
        contains(verdict.message, 'as long as `users` is empty nobody can tell');
        assert.equal(policyFor(change, []).judge(subject, { ...voting, decision: 'reject' }).kind, 'allowed');
      }
    }
  });

  it('counts nobody who came in with the shared token, as whomever', () => {
    const people = [...everybody, { id: 'dora', name: 'Dora', identities: ['api:token'], roles: ['sre'] }];
    for (const change of separated) {
      for (const actor of [carlOnWeb, { channelType: 'api', userId: 'token' }]) {
        const voting = { actor, requestedBy: annaOnSlack };
        const policy = policyFor(change, people);
        const verdict = policy.judge(subject, { ...voting, decision: 'approve' });
        assert.ok(verdict.kind === 'refused');
        contains(verdict.message, 'may be anybody who has the access token');
        assert.equal(policy.judge(subject, { ...voting, decision: 'reject' }).kind, 'allowed');
        const at = '2026-01-01T00:00:00.000Z';
        const votes = [actor, annaOnSlack].map((by) => ({ by, decision: 'approve' as const, at }));
        assert.deepEqual(policy.countVotes(subject, { votes, requestedBy: benOnSlack }).approvedBy, ['user:anna']);
      }
    }
  });

  it('does not mind who asked where that is no matter', () => {
    const voting = { actor: annaOnSlack, decision: 'approve', requestedBy: carlOnWeb } as const;
    assert.equal(policyFor({ votes: 2 }, everybody).judge(subject, voting).kind, 'allowed');
  });
});

describe('who may let writes happen again', () => {
  const may = (actor: Actor, rules: readonly Partial<ApproverRule>[], people = everybody): boolean => {
    const complete = rules.map((one) => ({ who: null, votes: 1, requesterMayApprove: true, ...one }));
    return new ApproverPolicy(complete, new People([{ people }])).judgeResume(actor).kind === 'allowed';
  };
  const sre: Partial<ApproverRule> = { who: ['role:sre'] };

  it('is who may approve something of high risk, in whatever namespace', () => {
    assert.equal(may(carlOnWeb, [{}]), true);
    assert.equal(may(carlOnWeb, [sre]), false);
    assert.equal(
      may(carlOnWeb, [{ ...sre, risk: ['high'] }, {}]),
      false,
      'what follows is never asked about high risk',
    );
    assert.equal(may(carlOnWeb, [{ ...sre, risk: ['low', 'medium'] }, {}]), true);
    assert.equal(may(carlOnWeb, [{ ...sre, namespace: ['pay-*'] }, { who: ['user:carl'] }, sre]), true);
    assert.equal(may(annaOnSlack, [{ ...sre, namespace: ['pay-*'] }, { who: ['user:carl'] }]), true);
    assert.equal(may(benOnSlack, [{ who: ['user:anna'], namespace: ['pay-*'] }, { who: ['user:carl'] }, sre]), false);
  });

  it('is nobody from a channel that does not count, nor with the shared token where it takes two people', () => {
    assert.equal(may(annaOnTelegram, [{ ...sre, channels: ['slack'] }]), false);
    assert.equal(may(annaOnSlack, [{ ...sre, channels: ['slack'] }]), true);
    assert.equal(may(carlOnWeb, [{ votes: 2 }]), false);
    assert.equal(may(carlOnWeb, [{ requesterMayApprove: false }]), false);
    assert.equal(may(annaOnSlack, [{ votes: 2 }]), true);
  });

  it('is nobody who is not listed, once anybody is', () => {
    assert.equal(may(stranger, [{}]), false);
    assert.equal(may(stranger, [{}], []), true);
  });
});

describe('people', () => {
  it('are one person on all their channels', () => {
    const people = new People([{ people: everybody }]);
    assert.equal(people.keyOf(annaOnSlack), people.keyOf(annaOnTelegram));
    assert.notEqual(people.keyOf(annaOnSlack), people.keyOf(benOnSlack));
    assert.equal(people.nameOf(annaOnTelegram), 'Anna Berg (telegram:42)');
  });

  it('are nobody unknown as long as nobody is listed, and policies never', () => {
    assert.equal(new People([]).isUnknown(stranger), false);
    const people = new People([{ people: everybody }]);
    assert.equal(people.isUnknown(stranger), true);
    assert.equal(people.isUnknown({ channelType: 'policy', userId: 'auto-low' }), false);
  });
});
