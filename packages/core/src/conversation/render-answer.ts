import { plainMessage } from '../domain/outgoing-message.js';
import type { OutgoingMessage } from '../domain/outgoing-message.js';
import { stripControls } from '../domain/strip-controls.js';
import type { DialogueEnd } from './model-dialogue.js';
import type { AskedChange } from './tool-desk.js';

/** What surrounds the words of a model. */
export interface AnswerFrame {
  readonly model: string;
  readonly asked: readonly AskedChange[];
  readonly maxRounds: number;
}

const maxAnswerLength = 12_000;
const cutNote = `[cut: the answer has more than ${maxAnswerLength} characters]`;

/** The answer of a model for people: its words, who wrote them, and what it asked for, the latter from our own books. */
export function renderAnswer(end: DialogueEnd, { model, asked, maxRounds }: AnswerFrame): OutgoingMessage {
  const requests = asked.map(({ tool, approvalId, runId }) => ({
    label: 'Asked for approval',
    value: approvalId === null ? `${tool} (run ${runId} is being prepared)` : `${tool} (${approvalId})`,
  }));
  const whole = stripControls(end.text).trim();
  const words = whole.length > maxAnswerLength ? `${cutAt(whole, maxAnswerLength)}\n${cutNote}` : whole;
  return {
    ...plainMessage(describe(end, words, maxRounds)),
    facts: [...requests, { label: 'Answered by', value: model }],
  };
}

// Not inside a surrogate pair, which would leave half a character.
function cutAt(text: string, length: number): string {
  return text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
}

function describe(end: DialogueEnd, words: string, maxRounds: number): string {
  if (end.finish === 'too-many-rounds') {
    return `The model went on looking after ${maxRounds} rounds without an answer, so I stopped it. Ask for something narrower.`;
  }
  if (end.finish === 'refused') return `The model does not want to answer this. ${words}`.trim();
  if (end.finish === 'length') return `${words}\n[cut: the model reached its limit of words]`;
  return words === '' ? 'The model answered nothing.' : words;
}
