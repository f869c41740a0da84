import assert from 'node:assert/strict';
import { createLogger, Secret } from '@dogwatch/core';
import type { Logger } from '@dogwatch/core';

describe('the logger', () => {
  let lines: string[];
  let logger: Logger;
  beforeEach(() => {
    lines = [];
    logger = createLogger({ level: 'info', sink: { write: (line) => lines.push(line) } });
  });
  const last = (): Record<string, unknown> => JSON.parse(lines.at(-1) ?? 'null') as Record<string, unknown>;

  it('writes one JSON object a line with a level word, a timestamp, the event, the message and the fields', () => {
    logger.child({ channel: 'web' }).warn('run.failed', 'A run failed at 100%s', { approval_id: 'abcdef' });
    const { timestamp, ...rest } = last();
    assert.match(String(timestamp), /^\d{4}-\d\d-\d\dT.*Z$/);
    assert.deepEqual(rest, {
      level: 'warn',
      event: 'run.failed',
      msg: 'A run failed at 100%s',
      channel: 'web',
      approval_id: 'abcdef',
    });
    assert.ok(lines[0]?.endsWith('}\n'));
  });

  it('leaves out what is below its level', () => {
    logger.debug('x', 'y');
    assert.deepEqual(lines, []);
  });

  it('never shows a secret', () => {
    logger.info('x', 'y', { token: new Secret('hunter2'), nested: { token: new Secret('hunter2') } });
    assert.doesNotMatch(lines.join(''), /hunter2/);
  });

  it('writes an error with its code and cause', () => {
    logger.error('x', 'y', { error: new Error('outer', { cause: new Error('inner') }) });
    const { error } = last() as { error: { message: string; cause: { message: string } } };
    assert.equal(error.message, 'outer');
    assert.equal(error.cause.message, 'inner');
  });

  it('keeps the line when a field cannot be written', () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    logger.info('x', 'kept', { cycle });
    assert.equal(last()['msg'], 'kept');
  });
});
