import { inject, injectable, injectEach } from '../di/inject.js';
import { clockTime } from '../domain/describe-time.js';
import { formatActor } from '../domain/actor.js';
import type { Actor } from '../domain/actor.js';
import type { JsonObject } from '../domain/json.js';
import { changeStream, readFolded } from '../log/change-stream.js';
import type { StreamFold } from '../log/change-stream.js';
import { Clock, isoTime } from '../ports/clock.js';
import type { HealthCheck, HealthReport } from '../ports/health-check.js';
import { IncidentLog } from '../ports/incident-log.js';
import type { NewEvent, SummaryWrite } from '../ports/incident-log.js';
import { Logger } from '../ports/logger.js';
import { People } from '../people/people.js';
import { PeopleSource } from '../ports/people-source.js';
import { RunWakeups } from '../runs/run-wakeups.js';
import { RESUME_HINT } from '../ports/write-switch.js';
import type { ResumeOutcome, WriteState, WriteSwitch } from '../ports/write-switch.js';
import { ApprovalSettings } from './approval-settings.js';
import { ApproverPolicy } from './approver-policy.js';

/** The stream of the switch. */
export const WRITES_STREAM = 'system/writes';

const summaryId = 'writes';

interface SwitchHistory {
  readonly state: WriteState;
  /** When the summary was first written; it never changes. */
  readonly firstAt: string | null;
}

const switchFold: StreamFold<SwitchHistory> = {
  initial: { state: { paused: false }, firstAt: null },
  apply: (history, event) => ({
    state: event.type === 'writes-paused' ? { paused: true, by: event.actor, since: event.at } : { paused: false },
    firstAt: history.firstAt ?? event.at,
  }),
};

/** Keeps the switch in the log, and says in `/health` when it is off. */
@injectable()
export class LogWriteSwitch implements WriteSwitch, HealthCheck {
  readonly name = 'writes';
  private readonly approvers: ApproverPolicy;
  private readonly intending = new Set<Promise<unknown>>();

  constructor(
    @inject(IncidentLog) private readonly log: IncidentLog,
    @inject(Clock) private readonly clock: Clock,
    @inject(Logger) private readonly logger: Logger,
    @inject(RunWakeups) private readonly wakeups: RunWakeups,
    @inject(ApprovalSettings) settings: ApprovalSettings,
    @injectEach(PeopleSource) people: readonly PeopleSource[],
  ) {
    this.approvers = new ApproverPolicy(settings.approverRules, new People(people));
  }

  async state(): Promise<WriteState> {
    return (await readFolded(this.log, WRITES_STREAM, switchFold)).state.state;
  }

  async pause(actor: Actor): Promise<WriteState> {
    const state = await this.turn('writes-paused', actor);
    // Whoever read the switch before it was turned may be about to intend; from here on nobody is.
    await Promise.allSettled([...this.intending]);
    return state;
  }

  async resume(actor: Actor): Promise<ResumeOutcome> {
    const verdict = this.approvers.judgeResume(actor);
    if (verdict.kind === 'allowed') {
      const state = await this.turn('writes-resumed', actor);
      this.wakeups.everyOpen();
      return { kind: 'resumed', state };
    }
    this.logger.warn('writes_resume_refused', 'Somebody who may not let writes happen again tried to.', {
      user_id: actor.userId,
      channel: actor.channelType,
    });
    return { kind: 'not-allowed', message: `You may not let writes happen again. ${verdict.message}` };
  }

  async whileAllowed<T>(intend: () => Promise<T>): Promise<{ readonly value: T } | null> {
    const attempt = this.state().then(async (state) => (state.paused ? null : { value: await intend() }));
    this.intending.add(attempt);
    try {
      return await attempt;
    } finally {
      this.intending.delete(attempt);
    }
  }

  async check(): Promise<HealthReport> {
    const state = await this.state();
    if (!state.paused) return { status: 'ok', message: 'Writes are on.' };
    return {
      status: 'degraded',
      message: `Writes were paused by ${formatActor(state.by)} at ${clockTime(state.since)}: approved changes wait. ${RESUME_HINT}.`,
    };
  }

  private async turn(type: 'writes-paused' | 'writes-resumed', actor: Actor): Promise<WriteState> {
    const paused = type === 'writes-paused';
    const { state, isTurned } = await changeStream(this.log, {
      stream: WRITES_STREAM,
      fold: switchFold,
      decide: (history) => {
        if (history.state.paused === paused) return { result: { state: history.state, isTurned: false } };
        const at = isoTime(this.clock.now());
        const next: WriteState = paused ? { paused, by: actor, since: at } : { paused };
        const event: NewEvent = { type, schemaVersion: 1, at, actor, data: {} };
        return {
          events: [event],
          summaries: [switchSummary(next, history, at)],
          result: { state: next, isTurned: true },
        };
      },
    });
    if (isTurned) {
      this.logger.warn(type.replace('-', '_'), paused ? 'Writes are paused.' : 'Writes are resumed.', {
        user_id: actor.userId,
        channel: actor.channelType,
      });
    }
    return state;
  }
}

function switchSummary(state: WriteState, history: SwitchHistory, at: string): SummaryWrite {
  return {
    kind: 'system',
    id: summaryId,
    stream: WRITES_STREAM,
    open: state.paused,
    key: null,
    namespace: null,
    at: history.firstAt ?? at,
    data: describeWriteState(state),
    isNew: history.firstAt === null,
  };
}

/** The switch as the API shows it: `{ paused, by, since }`. */
export function describeWriteState(state: WriteState): JsonObject {
  if (!state.paused) return { paused: false, by: null, since: null };
  return { paused: true, by: { channelType: state.by.channelType, userId: state.by.userId }, since: state.since };
}
