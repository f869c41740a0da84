import assert from 'node:assert/strict';
import { ROLES, SoleLeadership, rolesOf } from '@dogwatch/core';
import type { OutgoingMessage } from '@dogwatch/core';
import { IncidentMessenger, LogIncidentMessages } from '@dogwatch/aiops';
import { DirectLogTail } from '../direct-log-tail.js';
import { PipelineRig, RecordingNotifier } from './pipeline-rig.js';

/** A messenger beside a pipeline, with a notifier of its own. */
function messengerOf(rig: PipelineRig): {
  readonly messenger: IncidentMessenger;
  readonly notifier: RecordingNotifier;
} {
  const notifier = new RecordingNotifier();
  const messages = new LogIncidentMessages(rig.log, notifier);
  const messenger = new IncidentMessenger(
    rig.log,
    new DirectLogTail(rig.log),
    rig.clock,
    rig.logger,
    messages,
    new SoleLeadership(rig.clock, rig.logger),
    rolesOf(ROLES),
  );
  return { messenger, notifier };
}

const titles = (notifier: RecordingNotifier): readonly (string | null)[] =>
  notifier.shown.map(({ message }) => message.title);
const facts = ({ facts: list }: OutgoingMessage, label: string): string | undefined =>
  list.find((fact) => fact.label === label)?.value;

describe('IncidentMessenger', () => {
  it('brings the message up to date when the incident is acknowledged, a run goes on, and at the end', async () => {
    const rig = await new PipelineRig().start();
    const { messenger, notifier } = messengerOf(rig);
    await messenger.open();
    await rig.emit(rig.observed());
    const { id } = await rig.only();
    await rig.clock.flush();
    const opened = notifier.shown.length;
    assert.ok(opened > 0);
    await rig.book.acknowledge(id, { channelType: 'web', userId: 'anna' });
    await rig.clock.flush();
    assert.match(facts(notifier.shown.at(-1)?.message ?? assert.fail(), 'Acknowledged') ?? '', /web:anna/);
    const acknowledged = notifier.shown.length;
    await rig.appendRunEvent(id, 'run-ended', { runId: 'run-1', status: 'succeeded', reason: null });
    await rig.clock.flush();
    assert.equal(notifier.shown.length, acknowledged + 1);
    await rig.emit(rig.cleared());
    assert.equal(titles(notifier).at(-1), 'Resolved: Deployment shop/web is in a crash loop');
    assert.ok(notifier.shown.every((live) => live.stream === `incident/${id}` && live.messageKey === 'incident'));
  });

  it('does not react to deliveries, or it would never end', async () => {
    const rig = await new PipelineRig().start();
    const { messenger, notifier } = messengerOf(rig);
    await messenger.open();
    await rig.emit(rig.observed());
    const { length } = notifier.shown;
    for (const type of ['notified', 'notification-failed']) {
      await rig.appendRunEvent((await rig.only()).id, type, { messageKey: 'incident' });
    }
    await rig.clock.flush();
    assert.equal(notifier.shown.length, length);
  });

  it('shows at boot what changed after it was delivered last, also what was resolved meanwhile', async () => {
    const rig = await new PipelineRig().start();
    await rig.emit(rig.observed());
    await rig.appendRunEvent((await rig.only()).id, 'notified', { messageKey: 'incident' });
    await rig.emit(rig.cleared());
    const { messenger, notifier } = messengerOf(rig);
    await messenger.open();
    await rig.clock.flush();
    assert.deepEqual(titles(notifier), ['Resolved: Deployment shop/web is in a crash loop']);
  });

  it('shows at boot all that is open, since a room may lack it, and edits alone what is over', async () => {
    const rig = await new PipelineRig().start();
    await rig.emit(rig.observed());
    await rig.appendRunEvent((await rig.only()).id, 'routed', { messageKey: 'incident' });
    const open = messengerOf(rig);
    await open.messenger.open();
    await rig.clock.flush();
    await open.messenger.stop();
    await rig.emit(rig.cleared());
    const over = messengerOf(rig);
    await over.messenger.open();
    await rig.clock.flush();
    assert.deepEqual(
      [...open.notifier.shown, ...over.notifier.shown].map((live) => live.isEditOnly === true),
      [false, true],
    );
  });

  it('shows nothing at boot that is long over', async () => {
    const rig = await new PipelineRig().start();
    await rig.emit(rig.observed());
    await rig.emit(rig.cleared());
    await rig.clock.advance(25 * 3_600_000);
    const { messenger, notifier } = messengerOf(rig);
    await messenger.open();
    await rig.clock.flush();
    assert.deepEqual(titles(notifier), []);
  });

  it('survives a notifier that fails', async () => {
    const rig = await new PipelineRig().start();
    const { messenger, notifier } = messengerOf(rig);
    notifier.failures = [new Error('no chat')];
    await messenger.open();
    await rig.emit(rig.observed());
    await rig.emit(rig.cleared());
    await messenger.stop();
    assert.equal(titles(notifier).at(-1), 'Resolved: Deployment shop/web is in a crash loop');
  });
});
