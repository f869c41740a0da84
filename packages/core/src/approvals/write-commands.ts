import { inject, injectable } from '../di/inject.js';
import { formatActor } from '../domain/actor.js';
import { plainMessage } from '../domain/outgoing-message.js';
import type { OutgoingMessage } from '../domain/outgoing-message.js';
import type { ChatCommand, ChatInvocation } from '../ports/chat-command.js';
import { WriteSwitch } from '../ports/write-switch.js';

/** `/pause`: stops every write; anybody may, for stopping is safe. */
@injectable()
export class PauseCommand implements ChatCommand {
  readonly name = 'pause';
  readonly usage = ['/pause'];
  readonly description = 'Stop every write; decisions are still taken, and wait';

  constructor(@inject(WriteSwitch) private readonly writes: WriteSwitch) {}

  async run({ actor }: ChatInvocation): Promise<readonly OutgoingMessage[]> {
    const state = await this.writes.pause(actor);
    const who = state.paused ? ` by ${formatActor(state.by)} since ${state.since.slice(11, 19)} UTC` : '';
    return [plainMessage(`Writes are paused${who}. What is approved waits; go on with /resume.`, ['/resume'])];
  }
}

/** `/resume`: lets writes happen again, for those who may approve. */
@injectable()
export class ResumeCommand implements ChatCommand {
  readonly name = 'resume';
  readonly usage = ['/resume'];
  readonly description = 'Let writes happen again, for who may approve; each target is compared once more';

  constructor(@inject(WriteSwitch) private readonly writes: WriteSwitch) {}

  async run({ actor }: ChatInvocation): Promise<readonly OutgoingMessage[]> {
    const outcome = await this.writes.resume(actor);
    if (outcome.kind === 'not-allowed') return [plainMessage(outcome.message)];
    return [plainMessage('Writes are on. What was approved meanwhile is compared once more and done.')];
  }
}
