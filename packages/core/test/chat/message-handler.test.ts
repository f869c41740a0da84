import assert from 'node:assert/strict';
import {
  AppError,
  ApprovalIntent,
  CommandIntent,
  createLogger,
  formatPlainText,
  MemoryTopicMemory,
  plainMessage,
} from '@dogwatch/core';
import type { ApprovalDecision, ApprovalManager, ApprovalSummary, ChatCommand, DecisionOutcome } from '@dogwatch/core';
import { KeywordMessageHandler } from '@dogwatch/core';
import type { IncomingMessage, Intent, TopicMemory } from '@dogwatch/core';
import { ManualClock, RecordingMetrics } from '@dogwatch/testkit';

const approval: ApprovalSummary = {
  id: '7f3ka2',
  incidentId: 'abcdef',
  runId: 'runabc',
  tool: 'k8s_restart_deployment',
  arguments: {},
  target: { cluster: 'simulated', namespace: 'shop', kind: 'Deployment', name: 'cart', uid: 'u' },
  risk: 'medium',
  requiresConfirm: false,
  preview: { kind: 'diff', text: '+restart' },
  reason: 'crash loop',
  requestedAt: '2026-01-01T00:00:00.000Z',
  expiresAt: '2026-01-01T00:05:00.000Z',
  status: 'approved',
  decidedBy: null,
  decidedAt: null,
  votesNeeded: 1,
  votes: [],
};

class ScriptedApprovals implements ApprovalManager {
  readonly decisions: ApprovalDecision[] = [];
  outcome: DecisionOutcome = { kind: 'recorded', approval };

  decide(decision: ApprovalDecision): Promise<DecisionOutcome> {
    this.decisions.push(decision);
    return Promise.resolve(this.outcome);
  }

  expire(): Promise<null> {
    return Promise.resolve(null);
  }

  awaitResult(): Promise<ApprovalSummary> {
    return Promise.resolve(approval);
  }

  resolveId(text: string): ReturnType<ApprovalManager['resolveId']> {
    return Promise.resolve(
      approval.id.startsWith(text)
        ? { kind: 'found', id: approval.id }
        : { kind: 'unknown', message: `There is no approval '${text}'.` },
    );
  }
}

describe('the message handler', () => {
  const commands: ChatCommand[] = [
    {
      name: 'incident',
      usage: ['/incident show <id>'],
      description: 'Look at incidents',
      run: ({ words }) => Promise.resolve([plainMessage(`words: ${words.join('|')}`)]),
    },
    {
      name: 'fail',
      usage: ['/fail'],
      description: 'Fails',
      run: ({ words }) =>
        Promise.reject(words[0] === 'known' ? new AppError('DW_RUN_UNKNOWN', 'No such run.') : new Error('hunter2')),
    },
  ];
  let approvals: ScriptedApprovals;
  let others: Intent[];
  let topics: TopicMemory;
  let lines: string[];

  function makeHandler(): KeywordMessageHandler {
    const logger = createLogger({ level: 'info', sink: { write: (line) => lines.push(line) } });
    const intents = [...others, new CommandIntent(commands), new ApprovalIntent(approvals)];
    return new KeywordMessageHandler(intents, topics, logger, new RecordingMetrics());
  }

  const written = (text: string, isButton = false): IncomingMessage => ({
    userId: 'anna',
    channelType: 'web',
    text,
    metadata: { destination: { channelType: 'web', room: 'console' }, messageId: null, isButton },
  });

  async function say(text: string): Promise<string> {
    return (await makeHandler().handle(written(text))).map(formatPlainText).join('\n');
  }

  beforeEach(() => {
    approvals = new ScriptedApprovals();
    others = [];
    topics = new MemoryTopicMemory(new ManualClock());
    lines = [];
  });

  it('takes a decision under the name of the one who wrote', async () => {
    assert.match(await say('approve 7f3k cart'), /Approved 7f3ka2: Restart Deployment shop\/cart\./);
    assert.deepEqual(approvals.decisions, [
      {
        approvalId: '7f3ka2',
        decision: 'approve',
        confirm: 'cart',
        actor: { channelType: 'web', userId: 'anna' },
      },
    ]);
  });

  it('takes "no change" for talk where there is no such approval, and `approve` for what it says', async () => {
    for (const text of ['no change', 'no hurry', 'yes agree', 'Confirm later', 'cancel that please']) {
      assert.match(await say(text), /did not understand/, text);
    }
    assert.deepEqual(approvals.decisions, []);
    assert.match(await say('approve change'), /no approval 'change'/);
    assert.match(await say('no 7f3z'), /no approval '7f3z'/);
    assert.match(await say('no 7f3k'), /Rejected 7f3ka2/);
  });

  it('passes on why nothing was decided', async () => {
    approvals.outcome = { kind: 'already-settled', approval, message: 'It was rejected by web:bob already.' };
    assert.match(await say('approve 7f3ka2'), /rejected by web:bob/);
    assert.match(await say('approve aaaaaa'), /no approval 'aaaaaa'/);
  });

  it('decides nothing by a sentence that mentions an approval', async () => {
    await say('Please do not approve 7f3ka2, we are in a freeze!');
    assert.deepEqual(approvals.decisions, []);
  });

  it('runs a command with its words, whatever its case', async () => {
    assert.equal(await say('/Incident show  abcd'), 'words: show|abcd');
  });

  it('suggests the nearest command', async () => {
    assert.match(await say('/incidnet list'), /Did you mean \/incident\?/);
  });

  it('says plainly which commands are not there yet, and what there is', async () => {
    assert.match(await say('/rca web'), /no \/rca yet.*\/incident show <id>.*\/k8s logs <pod>/);
    assert.match(await say('!rca web'), /no \/rca yet/);
    assert.match(await say('/silence HighErrorRate 2h'), /no \/silence yet: nothing was silenced.*\/incident ack/);
  });

  it('lists every command and the approval words in /help', async () => {
    const help = await say('/help');
    for (const part of ['approve <id>', '/incident show <id>', '/fail']) assert.ok(help.includes(part), part);
  });

  it('shows a known error, and hides any other in the log', async () => {
    assert.equal(await say('/fail known'), 'No such run.');
    const answer = await say('/fail');
    assert.doesNotMatch(answer, /hunter2/);
    assert.match(lines.join(''), /chat\.failed/);
  });

  it('offers the commands that it names itself, and none that an error of a cluster holds, nor lines of it', async () => {
    const failing = (error: AppError): Intent => ({
      id: 'failing',
      priority: 1,
      match: () => true,
      handle: () => Promise.reject(error),
    });
    const offered = async (text: string): Promise<readonly string[]> =>
      (await makeHandler().handle(written(text)))[0]?.commands ?? [];
    assert.deepEqual(await offered('what?'), ['/status', '/approval', '/help']);
    assert.deepEqual(await offered('/rca web'), ['/incident', '/k8s']);
    assert.deepEqual(await offered('/silence x'), ['/incident', '/alert']);
    assert.deepEqual(await offered('/incidnet'), ['/incidnet', '/incident', '/help']);
    others = [failing(new AppError('DW_CHAT_WORD_UNKNOWN', "'/fail x' is not known.\n/fail\n/incident show <id>"))];
    assert.equal(await say('x'), "'/fail x' is not known.\n/fail\n/incident show <id>");
    assert.deepEqual(await offered('x'), ['/fail', '/incident']);
    others = [failing(new AppError('DW_TOOL_FAILED', 'no\nApproved by web:anna.\n/resume'))];
    assert.equal(await say('x'), 'no Approved by web:anna. /resume');
    assert.deepEqual(await offered('x'), []);
  });

  it('says what it understands when it did not', async () => {
    assert.match(await say('what is up?'), /\/help/);
    assert.equal(await say('   '), '');
  });

  it('asks the intents in order of priority, approvals before all others', async () => {
    const asked: string[] = [];
    const listen = (id: string, priority: number, isMine: boolean): Intent<string> => ({
      id,
      priority,
      match: (text) => {
        asked.push(id);
        return isMine ? text : null;
      },
      handle: (match) => Promise.resolve([plainMessage(`${id} got ${match}`)]),
    });
    others = [listen('late', 900, true), listen('early', 300, false), listen('middle', 400, true)];
    assert.equal(await say('how are you?'), 'middle got how are you?');
    assert.deepEqual(asked, ['early', 'middle']);
    await say('approve 7f3k');
    assert.deepEqual(asked, ['early', 'middle']);
  });

  it('asks the next intent where one finds on a closer look that it is not meant', async () => {
    const talk = (id: string, priority: number, answer: string | null): Intent<string> => ({
      id,
      priority,
      match: (text) => text,
      handle: () => Promise.resolve(answer === null ? null : [plainMessage(answer)]),
    });
    others = [talk('first', 300, null), talk('second', 400, 'me')];
    assert.equal(await say('well'), 'me');
    others = [talk('first', 300, null)];
    assert.match(await say('well'), /did not understand/);
  });

  it('keeps what a conversation is about, and goes on without it when the memory is away', async () => {
    const talk: Intent<string> = {
      id: 'talk',
      priority: 500,
      match: (text) => text,
      handle: async (text, context) => {
        await context.remember({ last: text });
        return [plainMessage(`before: ${JSON.stringify(context.topic)}`)];
      },
    };
    others = [talk];
    assert.equal(await say('one'), 'before: null');
    assert.equal(await say('two'), 'before: {"last":"one"}');
    const away = (): Promise<never> => Promise.reject(new Error('away'));
    topics = { recall: away, remember: away };
    assert.equal(await say('three'), 'before: null');
  });

  it('lets decisions, commands and presses go before a conversation, and no other words', () => {
    const talk: Intent = {
      id: 'talk',
      priority: 900,
      match: (text) => (text.startsWith('/') ? null : text),
      handle: () => Promise.resolve([]),
    };
    others = [talk];
    const handler = makeHandler();
    const prompt = [
      ' approve 7f3ka2 ',
      'approve 7f3k cart',
      'no 7f3k',
      '/incident list',
      '/pauze',
      '!incident',
      'status',
    ];
    for (const text of prompt) assert.equal(handler.isPrompt(written(text)), true, text);
    for (const text of [
      'why is cart down?',
      'no change',
      'yes agree',
      'Please do not approve 7f3ka2!',
      '!so what',
      ' ',
      `/x ${'y'.repeat(4_000)}`,
    ])
      assert.equal(handler.isPrompt(written(text)), false, text);
    assert.equal(handler.isPrompt(written('whatever it stands for', true)), true);
    others = [{ ...talk, priority: 1, match: () => assert.fail('broken') }];
    assert.equal(makeHandler().isPrompt(written('/incident list')), false);
  });

  it('takes an exclamation mark for a slash before the name of a command only', async () => {
    assert.equal(await say('!incident show abcd'), 'words: show|abcd');
    assert.equal(await say('/\u2060incident show abcd'), 'words: show|abcd');
    assert.match(await say('!important: do not touch'), /did not understand/);
    assert.match(await say('/var/log/app.log is full'), /did not understand/);
  });
});
