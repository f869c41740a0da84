import { SYSTEM_ACTOR, isoTime } from '@dogwatch/core';
import type { Clock, IncidentLog } from '@dogwatch/core';
import { incidentEvent, incidentStream } from '../incidents/incident-events.js';
import type { CommentData } from '../incidents/incident-events.js';

/** Notes in an incident how an action of a rule went, so that it is not carried out again. */
export async function noteAction(
  { log, clock }: { readonly log: IncidentLog; readonly clock: Clock },
  incidentId: string,
  note: Required<CommentData>,
): Promise<void> {
  const event = incidentEvent('comment', note, { at: isoTime(clock.now()), actor: SYSTEM_ACTOR });
  await log.append({ appends: [{ stream: incidentStream(incidentId), expectedVersion: 'any', events: [event] }] });
}
