import OpenAI from 'openai';
import { AppError, Clock, inject, injectable, isAppError } from '@dogwatch/core';
import type { LlmAnswer, LlmPart, LlmProvider, LlmRequest } from '@dogwatch/core';
import { chatBody } from './chat-request.js';
import { OpenAiConfig } from './config.js';
import { Deadline } from './deadline.js';
import { readCompletion } from './read-completion.js';
import { StreamReader } from './stream-reader.js';
import { translateFailure } from './translate-failure.js';

const firstDelayMs = 500;
// Ours comes first; the library's own would not cover a stream.
const libraryTimeoutMs = 3_600_000;

/** Language models behind an OpenAI-compatible endpoint. */
@injectable()
export class OpenAiProvider implements LlmProvider {
  readonly version = 'v1';
  readonly name = 'openai';
  readonly models: readonly string[];
  private readonly client: OpenAI;

  constructor(
    @inject(OpenAiConfig) private readonly config: OpenAiConfig,
    @inject(Clock) private readonly clock: Clock,
  ) {
    this.models = [...new Set([config.model, ...config.models])];
    this.client = new OpenAI({
      baseURL: config.baseUrl,
      // The library refuses to start without one, and would look into the environment by itself.
      apiKey: config.apiKey?.reveal() ?? 'none',
      organization: null,
      project: null,
      maxRetries: 0,
      timeout: libraryTimeoutMs,
      logLevel: 'off',
    });
  }

  async complete(request: LlmRequest, signal: AbortSignal): Promise<LlmAnswer> {
    const body = chatBody(request, this, this.config);
    return this.within(signal, body.model, async (deadline) => {
      const completion = await this.retrying(body.model, deadline, () =>
        this.client.chat.completions.create(body, { signal: deadline.signal }),
      );
      return readCompletion(completion, body.model);
    });
  }

  async *stream(request: LlmRequest, signal: AbortSignal): AsyncGenerator<LlmPart> {
    const body = chatBody(request, this, this.config);
    signal.throwIfAborted();
    const deadline = new Deadline(this.clock, this.config.timeoutSeconds * 1_000, signal);
    try {
      const chunks = await this.retrying(body.model, deadline, () =>
        this.client.chat.completions.create(
          { ...body, stream: true, stream_options: { include_usage: true } },
          { signal: deadline.signal },
        ),
      );
      const reader = new StreamReader(body.model);
      for await (const chunk of chunks) {
        const text = reader.take(chunk);
        if (text !== '') yield { kind: 'text', text };
      }
      // An aborted stream ends as if it were complete.
      deadline.throwIfOver();
      yield { kind: 'end', answer: reader.end() ?? this.brokenOff(body.model) };
    } catch (error) {
      throw this.translate(error, body.model, deadline);
    } finally {
      deadline.clear();
    }
  }

  private async within<T>(signal: AbortSignal, model: string, act: (deadline: Deadline) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const deadline = new Deadline(this.clock, this.config.timeoutSeconds * 1_000, signal);
    try {
      return await act(deadline);
    } catch (error) {
      throw this.translate(error, model, deadline);
    } finally {
      deadline.clear();
    }
  }

  private async retrying<T>(model: string, deadline: Deadline, send: () => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries++) {
      try {
        return await send();
      } catch (error) {
        deadline.throwIfOver();
        const failure = translateFailure(error, { baseUrl: this.config.baseUrl, model });
        const delayMs = failure.retryAfterMs ?? firstDelayMs * 2 ** tries;
        if (!failure.isRetryable || tries >= this.config.retries || delayMs >= deadline.leftMs()) throw failure;
        await this.clock.sleep(delayMs, deadline.signal);
      }
    }
  }

  private translate(error: unknown, model: string, deadline: Deadline): unknown {
    if (deadline.signal.aborted && !isAppError(error)) {
      return deadline.isCallersAbort ? deadline.signal.reason : this.timedOut(model);
    }
    return translateFailure(error, { baseUrl: this.config.baseUrl, model });
  }

  private timedOut(model: string): AppError {
    const { timeoutSeconds, baseUrl } = this.config;
    const message = `The model '${model}' at ${baseUrl} did not answer within ${timeoutSeconds} s.`;
    return new AppError('DW_LLM_TIMEOUT', message, { isRetryable: true });
  }

  private brokenOff(model: string): never {
    const message = `The model '${model}' at ${this.config.baseUrl} broke off in the middle of its answer.`;
    throw new AppError('DW_LLM_UNAVAILABLE', message, { isRetryable: true });
  }
}
