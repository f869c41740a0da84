import { inject, injectable } from '../di/inject.js';
import { ownMessage, plainMessage } from '../domain/outgoing-message.js';
import type { OutgoingMessage } from '../domain/outgoing-message.js';
import { stripToOneLine } from '../domain/strip-controls.js';
import type { ChatCommand, ChatInvocation } from '../ports/chat-command.js';
import { IncidentLog } from '../ports/incident-log.js';
import { Runs } from '../ports/runs.js';
import { describeAsked } from './describe-asked.js';
import { resolveSummaryId } from './resolve-summary-id.js';

/** `/undo`: asks to take back what a run did. */
@injectable()
export class UndoCommand implements ChatCommand {
  readonly name = 'undo';
  readonly usage = ['/undo <run>'];
  readonly description = 'Ask to take back what a run changed';

  constructor(
    @inject(IncidentLog) private readonly log: IncidentLog,
    @inject(Runs) private readonly runs: Runs,
  ) {}

  async run({ words, actor }: ChatInvocation): Promise<readonly OutgoingMessage[]> {
    const [typed] = words;
    if (typed === undefined)
      return [ownMessage('Say which run: /undo <run>. /incident show <id> names the runs of an incident.')];
    const resolved = await resolveSummaryId(this.log, 'run', typed);
    if (resolved.kind !== 'found') return [ownMessage(resolved.message)];
    const start = await this.runs.undo(resolved.id, actor);
    if (!start.ok) return [plainMessage(stripToOneLine(start.reason))];
    return [await describeAsked(this.log, start.run)];
  }
}
