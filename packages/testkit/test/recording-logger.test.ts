import assert from 'node:assert/strict';
import { RecordingLogger, SequenceIds } from '@dogwatch/testkit';

describe('RecordingLogger', () => {
  it("keeps the lines of its children with the children's fields", () => {
    const logger = new RecordingLogger();
    logger.child({ channel: 'web' }).warn('sent', 'A message was sent.', { user_id: 'anna' });
    assert.deepEqual(logger.linesOf('sent'), [
      { level: 'warn', event: 'sent', message: 'A message was sent.', fields: { channel: 'web', user_id: 'anna' } },
    ]);
  });
});

describe('SequenceIds', () => {
  it('gives ids whose first four characters differ', () => {
    const ids = new SequenceIds();
    const prefixes = new Set(Array.from({ length: 1_000 }, () => ids.next().slice(0, 4)));
    assert.equal(prefixes.size, 1_000);
  });
});
