import type { Actor } from '../domain/actor.js';
import type { LlmAnswer, LlmMessage, LlmRequest, LlmTool } from '../ports/llm-provider.js';
import type { DraftPacer } from './draft-pacer.js';
import type { ModelGate } from './model-gate.js';
import { redactRequest } from './redact-request.js';
import type { ToolDesk } from './tool-desk.js';

/** What a dialogue works with. */
export interface DialogueParts {
  readonly gate: ModelGate;
  /** Who is answered. */
  readonly actor: Actor;
  readonly desk: ToolDesk;
  readonly pacer: DraftPacer;
  readonly tools: readonly LlmTool[];
  readonly model: string;
  readonly maxRounds: number;
  readonly redactSecrets: boolean;
  /** Told of every answer of the model. */
  onAnswer(answer: LlmAnswer): void;
}

/** How a dialogue ended. */
export interface DialogueEnd {
  readonly text: string;
  readonly finish: LlmAnswer['finish'] | 'too-many-rounds';
}

/** Asks the model, carries its tool calls to the desk and the results back, until it answers in words. */
export async function holdDialogue(
  first: readonly LlmMessage[],
  parts: DialogueParts,
  signal: AbortSignal,
): Promise<DialogueEnd> {
  const messages = [...first];
  for (let round = 1; round <= parts.maxRounds; round++) {
    const answer = await ask(messages, parts, signal);
    parts.onAnswer(answer);
    if (answer.toolCalls.length === 0) return { text: answer.text, finish: answer.finish };
    messages.push({ role: 'assistant', text: answer.text, toolCalls: answer.toolCalls });
    const results = await Promise.all(answer.toolCalls.map((call) => parts.desk.take(call, signal)));
    answer.toolCalls.forEach((call, index) => {
      messages.push({ role: 'tool', callId: call.id, text: results[index] ?? '' });
    });
  }
  return { text: '', finish: 'too-many-rounds' };
}

async function ask(messages: readonly LlmMessage[], parts: DialogueParts, signal: AbortSignal): Promise<LlmAnswer> {
  const { gate, actor, tools, model } = parts;
  const request: LlmRequest = { model, messages, ...(tools.length === 0 ? {} : { tools }) };
  let text = '';
  for await (const part of gate.stream(parts.redactSecrets ? redactRequest(request) : request, actor, signal)) {
    if (part.kind === 'end') return part.answer;
    text += part.text;
    parts.pacer.offer(text);
  }
  throw new TypeError(`The model '${model}' ended a stream without an end.`);
}
