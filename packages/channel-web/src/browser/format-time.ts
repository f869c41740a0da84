import { serverNow } from './call-api.js';
import { element } from './element.js';

const pad = (value: number): string => String(value).padStart(2, '0');

function relative(at: number): string {
  const seconds = Math.round((serverNow() - at) / 1_000);
  if (seconds < 5) return 'just now';
  if (seconds < 60) return `${seconds - (seconds % 5)} s ago`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

/** The time of day, with the date unless it is today. */
export function clockTime(iso: string): string {
  const at = new Date(iso);
  const time = `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;
  const isToday = at.toDateString() === new Date(serverNow()).toDateString();
  return isToday ? time : `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())} ${time}`;
}

/** Text with the times of a log in it, as times of day. */
export function withClockTimes(text: string): string {
  return text.replaceAll(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, (iso) => clockTime(iso));
}

/** A time as "3 min ago", kept up to date by `tickTimes`. */
export function relativeTime(iso: string): HTMLElement {
  return element('time', { datetime: iso, title: clockTime(iso), 'data-relative': true }, relative(Date.parse(iso)));
}

function countdown(until: number): string {
  const left = Math.max(0, Math.ceil((until - serverNow()) / 1_000));
  return left === 0 ? 'time is over' : `${Math.floor(left / 60)}:${pad(left % 60)} left`;
}

/** How much time is left, kept up to date by `tickTimes`. */
export function remainingTime(iso: string): HTMLElement {
  return element(
    'time',
    { datetime: iso, title: `until ${clockTime(iso)}`, 'data-countdown': true, class: 'countdown' },
    countdown(Date.parse(iso)),
  );
}

const urgentMs = 60_000;

/** Brings every shown time up to date. */
export function tickTimes(): void {
  for (const time of document.querySelectorAll('time')) {
    const at = Date.parse(time.dateTime);
    const isCountdown = time.hasAttribute('data-countdown');
    if (!isCountdown && !time.hasAttribute('data-relative')) continue;
    const text = isCountdown ? countdown(at) : relative(at);
    if (time.textContent !== text) time.textContent = text;
    if (isCountdown) time.classList.toggle('urgent', at - serverNow() <= urgentMs);
  }
}
