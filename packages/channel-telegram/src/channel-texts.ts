import type { PressedButton } from './callback-data.js';
import { MAX_ANSWER_LENGTH } from './telegram-limits.js';
import type { PersonInChat } from './parse-update.js';

/** Says hello, and the numbers that the configuration asks for. */
export function greeting(from: PersonInChat, isAllowed: boolean): string {
  const hello = 'This is Dogwatch. It watches Kubernetes clusters and asks before it changes anything.';
  return isAllowed
    ? `${hello}\n${describeIds(from)}\nType /help to see what it understands.`
    : `${hello}\n${refusal(from)}`;
}

/** Turns somebody away whose chat is not configured, and says how to configure it. */
export function refusal(from: PersonInChat): string {
  const remedy = from.isPrivate
    ? `To talk to it here, add ${from.userId} to telegram.people; to get its messages here too, add ${from.chatId} to telegram.chats.`
    : `To use it here, add ${from.chatId} to telegram.chats.`;
  return `This chat is not configured, so nothing was done.\n${describeIds(from)}\n${remedy}`;
}

/** Turns an administrator away who writes as the group. */
export const anonymousRefusal =
  'You write as the group, so Dogwatch cannot tell who you are, and did nothing. Turn off "Remain anonymous" in your administrator rights, and write again.';

function describeIds({ chatId, userId, destination, isPrivate }: PersonInChat): string {
  const topic = destination.thread === undefined ? '' : ` This topic's number is ${destination.thread}.`;
  return isPrivate
    ? `This chat's id and your user id are ${chatId}.`
    : `This chat's id is ${chatId}.${topic} Your user id is ${userId}.`;
}

const cut = (text: string): string => text.slice(0, MAX_ANSWER_LENGTH);

/** What the phone shows for a moment after a press; at most as long as Telegram takes. */
export const pressAnswers = {
  taken: ({ action, approvalId, needsConfirm }: PressedButton): string =>
    cut(
      needsConfirm
        ? 'High risk: a press is not enough. Reply to this message with the line that stands behind "To approve".'
        : `Received: ${action === 'ask-again' ? 'ask again' : action} ${approvalId}`,
    ),
  failed: 'Dogwatch cannot take this just now; it is tried again by itself.',
  lost: 'This could not be handled. Look at the log of Dogwatch, or type the decision.',
  unknown: 'This button means nothing to Dogwatch any more.',
  closed: 'This chat is not configured in Dogwatch, so nothing was done.',
} as const;
