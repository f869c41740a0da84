import { inject, injectable, injectEach } from '../di/inject.js';
import { ApprovalSettings } from '../approvals/approval-settings.js';
import { describeUnknown } from '../approvals/approver-policy.js';
import type { Actor } from '../domain/actor.js';
import { formatActor } from '../domain/actor.js';
import { plainMessage } from '../domain/outgoing-message.js';
import type { OutgoingMessage } from '../domain/outgoing-message.js';
import { Clock, isoTime } from '../ports/clock.js';
import { IncidentLog } from '../ports/incident-log.js';
import { INTENT_PRIORITIES } from '../ports/intent.js';
import type { Intent, IntentContext } from '../ports/intent.js';
import { PeopleSource } from '../ports/people-source.js';
import { People } from './people.js';

/** The stream that says who was refused. */
export const UNKNOWN_PEOPLE_STREAM = 'people/unknown';

const noteEveryMs = 10 * 60_000;
const maxNoted = 1_000;
const notedText = 100;

/** Answers people who are not listed, before anything else does: politely, and with nothing of what they asked for. */
@injectable()
export class UnknownPersonIntent implements Intent<true> {
  readonly id = 'unknown-person';
  readonly priority = INTENT_PRIORITIES.unknownPerson;
  private readonly people: People;
  private noted = new Map<string, number>();

  constructor(
    @injectEach(PeopleSource) sources: readonly PeopleSource[],
    @inject(ApprovalSettings) private readonly settings: Pick<ApprovalSettings, 'unknownPeople'>,
    @inject(IncidentLog) private readonly log: IncidentLog,
    @inject(Clock) private readonly clock: Clock,
  ) {
    this.people = new People(sources);
  }

  match(_text: string, { actor, isReading }: IntentContext): true | null {
    if (!this.people.isUnknown(actor)) return null;
    return this.settings.unknownPeople === 'read' && isReading?.() === true ? null : true;
  }

  async handle(_match: true, { actor, message }: IntentContext): Promise<readonly OutgoingMessage[]> {
    await this.note(actor, message.text);
    return [plainMessage(describeUnknown(actor))];
  }

  // A stranger who goes on writing must not fill the log.
  private async note(actor: Actor, text: string): Promise<void> {
    const nowMs = this.clock.now();
    const identity = formatActor(actor);
    if (nowMs - (this.noted.get(identity) ?? -Infinity) < noteEveryMs) return;
    if (this.noted.size >= maxNoted) this.noted = new Map();
    this.noted.set(identity, nowMs);
    const data = { text: text.slice(0, notedText) };
    const event = { type: 'person-refused', schemaVersion: 1, at: isoTime(nowMs), actor, data };
    await this.log.append({ appends: [{ stream: UNKNOWN_PEOPLE_STREAM, expectedVersion: 'any', events: [event] }] });
  }
}
