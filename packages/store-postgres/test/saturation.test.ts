import assert from 'node:assert/strict';
import { isAppError, SYSTEM_ACTOR, type AppendBatch, type AppendResult } from '@dogwatch/core';
import { PostgresIncidentLog, type PostgresDatabase } from '@dogwatch/store-postgres';
import { withCode } from './throws-code.js';

/** A database that takes nothing until it is told what becomes of everything that was asked of it. */
class StuckDatabase implements PostgresDatabase {
  readonly description = 'postgres://stuck/dogwatch';
  private isAway = false;
  private release: () => void = () => undefined;
  private released = new Promise<void>((resolve) => (this.release = resolve));

  async transaction<T>(): Promise<T> {
    if (!this.isAway) await this.released;
    throw new Error('The connection broke.');
  }

  rows(): Promise<readonly never[]> {
    return Promise.resolve([]);
  }

  open(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  break(): void {
    this.isAway = true;
    this.release();
  }
}

const mebibyte = 1024 * 1024;

function batch(bytes = 1): AppendBatch {
  const event = { type: 'received', schemaVersion: 1, at: '2026-01-01T00:00:00Z', actor: SYSTEM_ACTOR };
  const data = { raw: 'x'.repeat(bytes) };
  return { appends: [{ stream: 'source/alertmanager', expectedVersion: 'any', events: [{ ...event, data }] }] };
}

describe('a PostgreSQL store that is asked for more than the database takes', () => {
  let database: StuckDatabase;
  let log: PostgresIncidentLog;
  let waiting: Promise<AppendResult>[];
  beforeEach(() => {
    database = new StuckDatabase();
    log = new PostgresIncidentLog(database);
    waiting = [];
  });
  afterEach(async () => {
    database.break();
    await Promise.allSettled(waiting);
  });

  const fill = (count: number, bytes?: number): void => {
    for (let index = 0; index < count; index++) waiting.push(log.append(batch(bytes)));
    for (const one of waiting) one.catch(() => undefined);
  };
  const saturated = (error: unknown): true => {
    withCode('DW_LOG_UNAVAILABLE', /'postgres:\/\/stuck\/dogwatch' is saturated: \d+ appends with \d+ bytes/)(error);
    assert.ok(isAppError(error) && error.isRetryable && (error.retryAfterMs ?? 0) > 0);
    return true;
  };

  it('refuses to keep more than so many appends in memory, and says when to try again', async () => {
    fill(5_000);
    await assert.rejects(log.append(batch()), saturated);
  });

  it('refuses to keep more than so many bytes in memory, however few appends they are', async () => {
    fill(7, 9 * mebibyte);
    await assert.rejects(log.append(batch(9 * mebibyte)), saturated);
    // What is small still goes.
    fill(1);
    database.break();
    await assert.rejects(waiting.at(-1) as Promise<AppendResult>, /broke/);
  });

  it('takes something that is large by itself when nothing else waits', async () => {
    fill(1, 70 * mebibyte);
    database.break();
    await assert.rejects(waiting[0] as Promise<AppendResult>, /broke/);
  });

  it('takes more as soon as what waited has come to an end', async () => {
    fill(5_000);
    database.break();
    await Promise.allSettled(waiting);
    await assert.rejects(log.append(batch()), /broke/);
  });
});
