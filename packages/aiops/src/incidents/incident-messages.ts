import { IncidentLog, Notifier, definePort, inject, injectable } from '@dogwatch/core';
import { incidentStream } from './incident-events.js';
import { renderIncidentMessage, routingSubject } from './incident-message.js';
import { IncidentRepository } from './incident-repository.js';
import { readCase } from './read-case.js';

/** Shows the live messages of incidents. */
export interface IncidentMessages {
  /** Shows the incident as the log has it now; calls that come while it is being shown share one further showing. */
  show(id: string, how?: ShowingOptions): Promise<void>;
}

/** How an incident is shown. */
export interface ShowingOptions {
  /** Once it aborts nothing more is sent. */
  readonly signal?: AbortSignal;
  /** An incident that is over is not posted where it never was. */
  readonly isCatchingUp?: boolean;
}

/** Shows the live messages of incidents. */
export const IncidentMessages = definePort<IncidentMessages>('aiops.IncidentMessages');

interface Showing {
  /** Ends when the state is read and on its way to the rooms. */
  readonly reading: Promise<OnItsWay>;
  next: Promise<void> | null;
}

interface OnItsWay {
  readonly shown: Promise<void>;
}

/** Renders incidents from the log and gives them to the notifier, one showing per incident at a time. */
@injectable()
export class LogIncidentMessages implements IncidentMessages {
  private readonly showings = new Map<string, Showing>();

  constructor(
    @inject(IncidentLog) private readonly log: IncidentLog,
    @inject(Notifier) private readonly notifier: Notifier,
  ) {}

  show(id: string, how: ShowingOptions = {}): Promise<void> {
    const current = this.showings.get(id);
    if (current === undefined) return this.begin(id, how);
    // What is being shown may have been read before the newest change; a slow room holds up no other.
    current.next ??= current.reading.catch(() => undefined).then(() => this.begin(id, how));
    return current.next;
  }

  private async begin(id: string, how: ShowingOptions): Promise<void> {
    const reading = this.render(id, how).finally(() => {
      const current = this.showings.get(id);
      if (current?.reading === reading && current.next === null) this.showings.delete(id);
    });
    this.showings.set(id, { reading, next: null });
    await (
      await reading
    ).shown;
  }

  private async render(id: string, { signal, isCatchingUp = false }: ShowingOptions): Promise<OnItsWay> {
    const told = await readCase({ log: this.log, repository: new IncidentRepository(this.log) }, id);
    if (told === null) return { shown: Promise.resolve() };
    const shown = this.notifier.show({
      messageKey: 'incident',
      stream: incidentStream(id),
      message: renderIncidentMessage(told),
      about: routingSubject(told.state),
      ...(isCatchingUp && told.state.status === 'resolved' ? { isEditOnly: true } : {}),
      ...(signal === undefined ? {} : { signal }),
    });
    return { shown };
  }
}
