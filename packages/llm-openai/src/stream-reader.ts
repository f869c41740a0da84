import type OpenAI from 'openai';
import type { LlmAnswer, LlmToolCall, LlmUsage } from '@dogwatch/core';
import { readFinish, readUsage } from './read-completion.js';

interface PartialCall {
  id: string;
  name: string;
  argumentsText: string;
}

type Delta = OpenAI.Chat.ChatCompletionChunk.Choice.Delta;

/** Puts the pieces of one streamed answer together. */
export class StreamReader {
  private text = '';
  private refused = false;
  private finish: string | null = null;
  private usage: LlmUsage | null = null;
  private answeredBy: string;
  private readonly calls = new Map<number, PartialCall>();

  constructor(model: string) {
    this.answeredBy = model;
  }

  /** Takes a piece; answers the text in it. */
  take(chunk: OpenAI.Chat.ChatCompletionChunk): string {
    if (typeof chunk.model === 'string' && chunk.model !== '') this.answeredBy = chunk.model;
    this.usage = readUsage(chunk.usage) ?? this.usage;
    const choice = (chunk as Partial<OpenAI.Chat.ChatCompletionChunk>).choices?.[0];
    if (choice === undefined) return '';
    this.finish = choice.finish_reason ?? this.finish;
    return this.takeDelta((choice as Partial<typeof choice>).delta ?? {});
  }

  /** The whole, or `null` when the stream ended before the model did. */
  end(): LlmAnswer | null {
    if (this.finish === null) return null;
    const toolCalls: readonly LlmToolCall[] = [...this.calls.entries()]
      .sort(([a], [b]) => a - b)
      .map(([index, call]) => ({ ...call, id: call.id || `call_${index}` }));
    const finish = this.refused ? 'refused' : readFinish(this.finish, toolCalls);
    return { text: this.text, toolCalls, finish, usage: this.usage, model: this.answeredBy };
  }

  private takeDelta(delta: Delta): string {
    if (typeof delta.refusal === 'string' && delta.refusal !== '') this.refused = true;
    const text = `${delta.content ?? ''}${delta.refusal ?? ''}`;
    this.text += text;
    for (const part of delta.tool_calls ?? []) {
      const call = this.calls.get(part.index) ?? { id: '', name: '', argumentsText: '' };
      call.id ||= part.id ?? '';
      call.name += part.function?.name ?? '';
      call.argumentsText += part.function?.arguments ?? '';
      this.calls.set(part.index, call);
    }
    return text;
  }
}
