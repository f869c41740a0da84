import assert from 'node:assert/strict';
import { createApp, formatConfigError, loadConfig, memoryStore, retention, retentionConfig } from '@dogwatch/core';
import { RecordingLogger } from '@dogwatch/testkit';

async function daysOf(text: string): Promise<number> {
  const config = await loadConfig(null, { retention: retentionConfig }, { DOGWATCH_ARCHIVE_AFTER_DAYS: text });
  return config.retention.archiveAfterDays;
}

describe('the section retention', () => {
  it('archives after 90 days, unless told otherwise', async () => {
    assert.equal((await loadConfig(null, { retention: retentionConfig }, {})).retention.archiveAfterDays, 90);
    assert.equal(await daysOf('7'), 7);
    assert.equal(await daysOf('0'), 0);
  });

  for (const text of ['-1', '1.5', 'never', '90d', '36501', 'true']) {
    it(`refuses '${text}', and says what it may be`, async () => {
      await assert.rejects(daysOf(text), (error) => {
        assert.match(
          formatConfigError(error),
          /whole number of days .* or 0 for never, got .* DOGWATCH_ARCHIVE_AFTER_DAYS/,
        );
        return true;
      });
    });
  }

  for (const value of [null, true, 1.5, -1, '']) {
    it(`refuses ${JSON.stringify(value)} in a file`, async () => {
      const result = await retentionConfig['~standard'].validate({ archiveAfterDays: value });
      assert.match(String(result.issues?.[0]?.message), /whole number of days/);
    });
  }

  it('makes an app that starts and stops on the memory store', async () => {
    const app = createApp({
      core: { logger: new RecordingLogger() },
      plugins: [memoryStore(), retention({ archiveAfterDays: 90 })],
    });
    await app.start();
    await app.stop();
  });
});
