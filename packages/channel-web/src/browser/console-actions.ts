import type { ApprovalSummary, IncidentSummary, MessageButton } from '@dogwatch/core';
import { ApiFailure, callApi } from './call-api.js';
import { putApproval, putBounded } from './console-state.js';
import type { ChatMessage, ConsoleState } from './console-state.js';

/** What a human can do on this page. */
export interface ConsoleActions {
  decide(approval: ApprovalSummary, decision: 'approve' | 'reject', confirm?: string): void;
  askAgain(approval: ApprovalSummary): void;
  acknowledge(incidentId: string): void;
  close(incidentId: string): void;
  undo(runId: string): void;
  setWrites(verb: 'pause' | 'resume'): void;
  /** Answers whether it was taken. */
  say(text: string): Promise<boolean>;
  press(message: ChatMessage, button: MessageButton): void;
}

/** What actions need of the page. */
export interface ActionContext {
  readonly state: ConsoleState;
  /** Shows what has changed in the state. */
  changed(): void;
  reloadHealth(): Promise<void>;
  failed(error: unknown): void;
}

function approvalIn(error: unknown): ApprovalSummary | null {
  if (!(error instanceof ApiFailure) || (error.status !== 409 && error.status !== 410)) return null;
  return (error.body as { readonly approval?: ApprovalSummary } | null)?.approval ?? null;
}

/** Makes the actions; each says under its control's name that it is under way, and what went wrong. */
export function consoleActions(context: ActionContext): ConsoleActions {
  const { state, changed } = context;

  const act = (name: string, work: () => Promise<void>): void => {
    if (state.busy.has(name)) return;
    state.busy.add(name);
    state.notes.delete(name);
    changed();
    work()
      .catch((error: unknown) => {
        state.notes.set(name, error instanceof Error ? error.message : String(error));
        context.failed(error);
      })
      .finally(() => {
        state.busy.delete(name);
        changed();
      });
  };

  const decide = async (path: string, body: unknown): Promise<void> => {
    try {
      putApproval(state, await callApi<ApprovalSummary>('POST', path, body), Date.now());
    } catch (error) {
      const settled = approvalIn(error);
      if (settled === null) throw error;
      // Somebody or something else was first; the card says who.
      putApproval(state, settled, Date.now());
    }
  };

  const changeIncident = (id: string, verb: 'acknowledge' | 'close'): void =>
    act(`incident/${id}`, async () => {
      const incident = await callApi<IncidentSummary>('POST', `/api/incidents/${encodeURIComponent(id)}/${verb}`);
      putBounded(state.incidents, id, incident);
    });

  return {
    decide: ({ id }, decision, confirm) =>
      act(`approval/${id}`, () =>
        decide(`/api/approvals/${encodeURIComponent(id)}/decision`, {
          decision,
          ...(confirm === undefined ? {} : { confirm }),
        }),
      ),
    askAgain: ({ id }) =>
      act(`approval/${id}`, async () => {
        await callApi('POST', `/api/approvals/${encodeURIComponent(id)}/ask-again`);
        state.notes.set(`approval/${id}`, 'Asked again: Dogwatch looks at the cluster and plans anew.');
      }),
    acknowledge: (id) => changeIncident(id, 'acknowledge'),
    close: (id) => changeIncident(id, 'close'),
    undo: (runId) =>
      act(`run/${runId}`, async () => {
        const { replies } = await callApi<{ replies: readonly { text: string }[] }>('POST', '/api/messages', {
          text: `/undo ${runId}`,
        });
        state.notes.set(`run/${runId}`, replies.map((reply) => reply.text).join('\n'));
      }),
    setWrites: (verb) =>
      act('writes', async () => {
        await callApi('POST', `/api/writes/${verb}`);
        await context.reloadHealth();
      }),
    say: async (text) => {
      state.notes.delete('chat');
      try {
        const message = await callApi<ChatMessage>('POST', '/api/console/messages', { text });
        // It may have come over the stream first.
        if (!state.messages.has(message.id)) putBounded(state.messages, message.id, message);
        return true;
      } catch (error) {
        state.notes.set('chat', error instanceof Error ? error.message : String(error));
        context.failed(error);
        return false;
      } finally {
        changed();
      }
    },
    press: (message, { action, approvalId }) =>
      act('chat', () => callApi('POST', '/api/console/messages', { messageId: message.id, action, approvalId })),
  };
}
