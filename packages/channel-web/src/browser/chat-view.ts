import type { ConsoleActions } from './console-actions.js';
import type { ChatMessage, ConsoleState } from './console-state.js';
import { diffBlock } from './diff-block.js';
import { button, element, part } from './element.js';
import type { Child } from './element.js';
import { clockTime } from './format-time.js';
import { patchList } from './patch-list.js';

/** Shows the conversation, and keeps its newest line in sight for whoever reads there. */
export function showChat(state: ConsoleState, actions: ConsoleActions): void {
  const log = part('chat-log');
  const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  const messages = [...state.messages.values()].sort((a, b) => a.at.localeCompare(b.at));
  const hasGrown = patchList(log, messages, {
    key: ({ id }) => id,
    signature: (message) => JSON.stringify(message),
    build: (message) => (message.room === 'console' ? sharedMessage(message, actions) : ownMessage(message, actions)),
  });
  if (hasGrown && isAtEnd) log.scrollTop = log.scrollHeight;
  part('chat-empty').hidden = messages.length > 0;
  const note = state.notes.get('chat') ?? '';
  part('chat-note').textContent = note;
}

function ownMessage(message: ChatMessage, actions: ConsoleActions): HTMLElement {
  const isMine = message.author !== null;
  return element(
    'div',
    { class: isMine ? 'message mine' : 'message' },
    element('p', { class: 'fine' }, `${message.author ?? 'Dogwatch'} · ${clockTime(message.at)}`),
    message.title !== null && element('h4', {}, message.title),
    ...bodyOf(message, actions),
  );
}

// What everybody is told stands on this page anyhow: one line, the rest on demand.
function sharedMessage(message: ChatMessage, actions: ConsoleActions): HTMLElement {
  return element(
    'details',
    { class: 'message shared' },
    element(
      'summary',
      { 'data-focus': 'summary' },
      element('span', { class: 'fine' }, clockTime(message.editedAt ?? message.at)),
      ` ${message.title ?? message.text}`,
    ),
    ...bodyOf(message, actions),
  );
}

function bodyOf(message: ChatMessage, actions: ConsoleActions): readonly Child[] {
  return [
    message.text !== '' && element('p', { class: 'text' }, message.text),
    message.facts.length > 0 &&
      element(
        'dl',
        {},
        ...message.facts.map(({ label, value }) =>
          element('div', {}, element('dt', {}, label), element('dd', {}, value)),
        ),
      ),
    ...message.blocks.map(({ kind, text }) =>
      kind === 'diff'
        ? diffBlock(text, 'Diff')
        : element('pre', { tabindex: 0, role: 'region', 'aria-label': kind === 'table' ? 'Table' : 'Output' }, text),
    ),
    message.buttons.length > 0 &&
      element(
        'div',
        { class: 'actions' },
        ...message.buttons.map((shown) =>
          button(shown.label, () => actions.press(message, shown), {
            'data-focus': `${shown.action}/${shown.approvalId}`,
          }),
        ),
      ),
  ];
}

/** Makes the chat's input send what is typed; `say` answers whether it was taken. */
export function connectChatInput(say: (text: string) => Promise<boolean>): void {
  const input = part('chat-input') as HTMLInputElement;
  part('chat-form').addEventListener('submit', (event) => {
    event.preventDefault();
    const text = input.value;
    if (text.trim() === '') return;
    input.value = '';
    void say(text).then((isTaken) => {
      // What was not taken is not to be typed again.
      if (!isTaken) input.value ||= text;
    });
  });
}
