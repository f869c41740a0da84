import type { Actor, IncidentLog, RunRequest, Runs, RunStart, RunSummary } from '@dogwatch/core';
import { SYSTEM_ACTOR } from '@dogwatch/core';

/** Runs that are written into the log as planned and go no further; the same cause answers the first one. */
export class RecordingRuns implements Runs {
  readonly requests: RunRequest[] = [];
  refusal: string | null = null;
  failures: Error[] = [];

  constructor(private readonly log: IncidentLog) {}

  async start(request: RunRequest): Promise<RunStart> {
    this.requests.push(request);
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
    if (this.refusal !== null) return { ok: false, reason: this.refusal };
    const stream = `incident/${request.incidentId}`;
    const planned = (await this.log.readStream(stream)).find(
      (event) => event.type === 'run-planned' && event.data['cause'] === request.cause,
    );
    const runId = planned === undefined ? `run-${this.requests.length}` : String(planned.data['runId']);
    if (planned === undefined) {
      const data = { runId, rule: request.rule, cause: request.cause, playbook: request.playbook };
      const event = {
        type: 'run-planned',
        schemaVersion: 1,
        at: '2026-01-01T00:00:00.000Z',
        actor: SYSTEM_ACTOR,
        data,
      };
      await this.log.append({ appends: [{ stream, expectedVersion: 'any', events: [event] }] });
    }
    return { ok: true, run: aRun({ id: runId, incidentId: request.incidentId, playbook: request.playbook }) };
  }

  request(): Promise<RunStart> {
    return Promise.resolve({ ok: false, reason: 'not here' });
  }

  undo(_runId: string, _requestedBy: Actor): Promise<RunStart> {
    return Promise.resolve({ ok: false, reason: 'not here' });
  }

  askAgain(_approvalId: string, _requestedBy: Actor): Promise<RunStart> {
    return Promise.resolve({ ok: false, reason: 'not here' });
  }
}

/** A run that has just been planned. */
export function aRun(overrides: Partial<RunSummary> = {}): RunSummary {
  return {
    id: 'run-1',
    incidentId: null,
    playbook: 'crash_loop_remediation',
    status: 'planned',
    reason: null,
    requestedBy: SYSTEM_ACTOR,
    undoOf: null,
    steps: [],
    plannedAt: '2026-01-01T00:00:00.000Z',
    endedAt: null,
    ...overrides,
  };
}
