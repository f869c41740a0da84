import type { Severity } from '../domain/severity.js';
import type { QuietHours } from '../ports/routing-policy.js';

const minutesPerDay = 24 * 60;
const msPerMinute = 60_000;
const lookAgainMs = 60 * msPerMinute;

/** How long something of this severity has to wait before it is looked at anew, in milliseconds; 0 = it may be sent now. */
export function quietForMs(hours: QuietHours | null, severity: Severity, nowMs: number): number {
  if (hours === null || hours.except.includes(severity)) return 0;
  const { fromMinute, toMinute } = hours;
  const minute = minuteOfDay(nowMs, hours.timeZone);
  const isQuiet =
    fromMinute <= toMinute ? minute >= fromMinute && minute < toMinute : minute >= fromMinute || minute < toMinute;
  if (!isQuiet) return 0;
  const minutesLeft = (toMinute - minute + minutesPerDay) % minutesPerDay;
  // Not further: the clocks may be changed before.
  return Math.min(minutesLeft * msPerMinute - (nowMs % msPerMinute), lookAgainMs);
}

function minuteOfDay(nowMs: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const [hour = '0', minute = '0'] = parts.format(nowMs).split(':');
  return Number(hour) * 60 + Number(minute);
}
