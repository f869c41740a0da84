import { AppError } from '@dogwatch/core';
import type { LlmAnswer, LlmPart, LlmRequest } from '@dogwatch/core';
import { llmProviderContract, proveCasesCanFail, runContract, ScriptedLlm } from '@dogwatch/testkit';
import type { BrokenImplementation, ContractHarness, LlmProviderSubject } from '@dogwatch/testkit';

function harnessOf(Provider: typeof ScriptedLlm): ContractHarness<LlmProviderSubject> {
  return {
    create() {
      const provider = new Provider();
      return {
        provider,
        reply: (reply) => {
          provider.script = () => reply;
        },
      };
    },
  };
}

runContract(llmProviderContract, 'ScriptedLlm', { harness: harnessOf(ScriptedLlm) });

/** Changes every answer, whole or streamed. */
abstract class ChangedAnswers extends ScriptedLlm {
  protected abstract change(answer: LlmAnswer): LlmAnswer;

  override async *stream(request: LlmRequest, signal: AbortSignal): AsyncGenerator<LlmPart> {
    for await (const part of super.stream(request, signal)) {
      yield part.kind === 'end' ? { kind: 'end', answer: this.change(part.answer) } : part;
    }
  }
}

class NoVersion extends ScriptedLlm {
  override readonly version = 'v0' as 'v1';
}

class LosesText extends ChangedAnswers {
  protected change(answer: LlmAnswer): LlmAnswer {
    return { ...answer, text: answer.text.slice(0, -1) };
  }
}

class ParsesArguments extends ChangedAnswers {
  protected change(answer: LlmAnswer): LlmAnswer {
    return { ...answer, toolCalls: answer.toolCalls.map((call) => ({ ...call, argumentsText: '{}' })) };
  }
}

class ReadsCallsInText extends ChangedAnswers {
  protected change(answer: LlmAnswer): LlmAnswer {
    if (!answer.text.includes('<tool_call>')) return answer;
    return { ...answer, toolCalls: [{ id: 'x', name: 'k8s_drain_node', argumentsText: '{}' }] };
  }
}

class AlwaysStops extends ChangedAnswers {
  protected change(answer: LlmAnswer): LlmAnswer {
    return { ...answer, finish: 'stop' };
  }
}

class OwnChoice extends ScriptedLlm {
  override stream({ messages }: LlmRequest, signal: AbortSignal): AsyncGenerator<LlmPart> {
    return super.stream({ messages }, signal);
  }
}

class ForgetsToolAnswers extends ScriptedLlm {
  override stream(request: LlmRequest, signal: AbortSignal): AsyncGenerator<LlmPart> {
    if (request.messages.some((message) => message.role === 'tool')) throw new Error('What is a tool?');
    return super.stream(request, signal);
  }
}

/** Turns every failure into another. */
class OneFailure extends ScriptedLlm {
  override async *stream(request: LlmRequest, signal: AbortSignal): AsyncGenerator<LlmPart> {
    try {
      yield* super.stream(request, signal);
    } catch {
      throw new AppError('DW_LLM_TIMEOUT', 'Something went wrong.');
    }
  }
}

/** Takes what breaks off for complete. */
class Credulous extends ScriptedLlm {
  override async *stream(request: LlmRequest, signal: AbortSignal): AsyncGenerator<LlmPart> {
    let text = '';
    try {
      for await (const part of super.stream(request, signal)) {
        if (part.kind === 'text') text += part.text;
        yield part;
      }
    } catch {
      const answer = { text, toolCalls: [], finish: 'stop', usage: null, model: 'small-1' } as const;
      yield { kind: 'end', answer };
    }
  }
}

function wrong(
  name: string,
  Provider: typeof ScriptedLlm,
  fails: readonly string[],
): BrokenImplementation<LlmProviderSubject> {
  return { name, harness: harnessOf(Provider), fails };
}

proveCasesCanFail(llmProviderContract, [
  wrong('speaks another version', NoVersion, ['speaks version v1 and names its models, the default first']),
  wrong('loses text', LosesText, ['answers text whole and in parts']),
  wrong('touches arguments', ParsesArguments, [
    'answers parallel tool calls with ids of their own, arguments exactly as written',
  ]),
  wrong('reads tool calls in text', ReadsCallsInText, ['takes text that looks like a tool call for text']),
  wrong('never says why it ended', AlwaysStops, [
    'says when an answer was cut at the limit of tokens, and when it was refused',
  ]),
  wrong('asks always the same model', OwnChoice, [
    'asks the model that is named, and refuses one that it does not offer',
  ]),
  wrong('knows no answers of tools', ForgetsToolAnswers, ['goes on after tool calls were answered']),
  wrong('knows one failure', OneFailure, [
    'says that it is unavailable, to be tried again',
    'passes on when to come back',
    'says that a request is refused for good',
    'says that an answer makes no sense',
  ]),
  wrong('takes what breaks off for complete', Credulous, [
    'takes an answer that breaks off for no answer',
    'rejects with the reason of an aborted signal, before and in the middle of an answer',
  ]),
  {
    name: 'waits for ever less than a moment',
    harness: { ...harnessOf(ScriptedLlm), capabilities: ['timeout'], create: impatient },
    fails: ['waits no longer than it promises'],
  },
]);

// Gives up by an error that is not the promised one, since one that hangs would hang the test.
function impatient(): LlmProviderSubject {
  const provider = new ScriptedLlm(() => ({ kind: 'unavailable' }));
  return { provider, reply: () => undefined, passTimeout: () => Promise.resolve() };
}
