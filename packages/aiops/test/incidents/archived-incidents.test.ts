import assert from 'node:assert/strict';
import { isoTime, MemoryIncidentLog } from '@dogwatch/core';
import type { HttpRequest } from '@dogwatch/core';
import { IncidentRoutes, parseRules } from '@dogwatch/aiops';
import { SequenceIds } from '@dogwatch/testkit';
import { assertIncludes } from '../assert-includes.js';
import { findIncident } from '../../dist/chat/find-incident.js';
import { PipelineRig } from './pipeline-rig.js';

const minute = 60_000;
const anna = { channelType: 'web', userId: 'anna' };

const restartRule = `rules:
  - name: crash
    event_type: crash_loop
    actions: [notify, "playbook:crash_loop_remediation"]
    cooldown_seconds: 3600
`;

describe('an incident that was archived', () => {
  let log: MemoryIncidentLog;
  let ids: SequenceIds;
  let rig: PipelineRig;
  let id: string;

  beforeEach(async () => {
    log = new MemoryIncidentLog();
    ids = new SequenceIds();
    const known = { eventTypes: ['crash_loop'], actions: { notify: null, playbook: ['crash_loop_remediation'] } };
    const { rules } = await parseRules({ text: restartRule, file: 'rules.yaml' }, known);
    rig = await new PipelineRig({ log, ids, rules }).start();
    await rig.emit(rig.observed());
    ({ id } = await rig.only());
    await rig.appendRunEvent(id, 'step-intended', { runId: 'run-1', stepId: 'restart' });
    await rig.emit(rig.cleared());
    await rig.clock.advance(minute);
    const before = isoTime(rig.clock.now());
    assert.deepEqual(await log.archiveStreams({ before, limit: 10 }), [`incident/${id}`]);
    assert.deepEqual(await rig.incidents(), []);
  });
  afterEach(() => rig.stop());

  async function get(path: string, params: Readonly<Record<string, string>>, query = ''): Promise<unknown> {
    const route = new IncidentRoutes(log, rig.book).routes.find((one) => one.method === 'GET' && one.path === path);
    const request = { params, query: new URLSearchParams(query) } as unknown as HttpRequest;
    return ((await route?.handle(request)) as { body?: unknown } | undefined)?.body;
  }

  it('is in no list over HTTP, and is answered with its whole story by its id', async () => {
    for (const status of ['resolved', 'all', 'open']) {
      assert.deepEqual(await get('/api/incidents', {}, `status=${status}`), { items: [], next: null });
    }
    const shown = (await get('/api/incidents/:id', { id })) as { status: string; timeline: readonly unknown[] };
    assert.equal(shown.status, 'resolved');
    assert.equal(shown.timeline.length, (await rig.events(id)).length);
  });

  it('is found in the chat by its whole id, and no more by the beginning of it', async () => {
    assert.equal((await findIncident(log, id)).id, id);
    await assert.rejects(findIncident(log, id.slice(0, 4)), /There is no incident/);
  });

  it('reopens when its key has trouble again within 15 minutes, and is in the lists again', async () => {
    await rig.emit(rig.observed());
    assertIncludes(await rig.only(), { id, status: 'open' });
    assert.equal(await log.countArchived(), 0);
  });

  it('is known to a process that starts later: it reopens there, too', async () => {
    const { clock } = rig;
    const later = await new PipelineRig({ log, ids, clock }).start();
    assert.deepEqual(later.book.openIncidents(), []);
    await later.emit(later.observed());
    assertIncludes(await later.only(), { id, status: 'open' });
    await later.stop();
  });

  it('is the one before the next of its key, and its cooldown still holds', async () => {
    await rig.clock.advance(30 * minute);
    await rig.emit(rig.observed());
    const next = await rig.only();
    assert.notEqual(next.id, id);
    const events = await rig.events(next.id);
    assert.equal(events[0]?.data['previousIncident'], id);
    const match = events.find((event) => event.type === 'rule-matched');
    assert.match(JSON.stringify(match?.data['skipped']), /cooldown of 3600 s ends/);
    assert.equal(rig.runs.requests.length, 1);
  });

  it('takes a comment, which has it back in the lists', async () => {
    await rig.appendRunEvent(id, 'comment', { text: 'seen' });
    assert.equal((await rig.only()).id, id);
  });

  it('is not closed once more, and stays where it is', async () => {
    const known = await rig.events(id);
    await rig.book.close(id, anna, null).catch(() => undefined);
    assert.deepEqual(await rig.events(id), known);
    assert.equal(await log.countArchived(), 1);
  });
});
