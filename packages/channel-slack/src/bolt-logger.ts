import type { Logger } from '@dogwatch/core';
import { LogLevel } from '@slack/bolt';
import type { App } from '@slack/bolt';

/** The logger that the Slack SDK takes. */
export type BoltLogger = App['logger'];

/**
 * Gives the SDK's lines to our log, one level lower: every failure is told by us too, with its context. Its debug lines hold whole
 * messages and are dropped.
 */
export function boltLogger(logger: Logger): BoltLogger {
  const line = (parts: readonly unknown[]): { readonly detail: string } => ({
    detail: parts
      .map((part) => (part instanceof Error ? part.message : String(part)))
      .join(' ')
      .slice(0, 500),
  });
  return {
    debug: () => undefined,
    info: (...parts) => logger.debug('slack.sdk', 'The Slack SDK says', line(parts)),
    warn: (...parts) => logger.debug('slack.sdk', 'The Slack SDK warns', line(parts)),
    error: (...parts) => logger.info('slack.sdk', 'The Slack SDK reports an error', line(parts)),
    setLevel: () => undefined,
    getLevel: () => LogLevel.INFO,
    setName: () => undefined,
  };
}
