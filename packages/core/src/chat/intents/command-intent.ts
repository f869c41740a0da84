import { nearestName } from '../../config/nearest-name.js';
import { injectable, injectEach } from '../../di/inject.js';
import { ownMessage, plainMessage } from '../../domain/outgoing-message.js';
import type { OutgoingMessage } from '../../domain/outgoing-message.js';
import { ChatCommand } from '../../ports/chat-command.js';
import { INTENT_PRIORITIES } from '../../ports/intent.js';
import type { Intent, IntentContext } from '../../ports/intent.js';
import { renderHelp } from '../render-help.js';

/** A command as it was written. */
export interface CommandWords {
  /** Lower case, without the slash. */
  readonly name: string;
  readonly words: readonly string[];
}

// A path such as /var/log/app.log is no command.
const commandPattern = /^[/!]([A-Za-z][A-Za-z0-9_-]*)(?=\s|$)/;

// What people type first, where no slash leads them to it. They only look, so that a word too many does no harm.
const bareCommandPattern = /^(help|status)[.?!]*$/i;

// Words that people look for, and that nothing answers to yet unless a plugin does.
const notThere: Readonly<Record<string, string>> = {
  rca:
    'There is no /rca yet: I do not look for root causes by myself, and did nothing. What helps to find one: ' +
    '/incident show <id> and /incident timeline <id>; /k8s logs <pod>, /k8s events <name>, /k8s describe <kind> <name>, ' +
    '/k8s history <deployment>.',
  silence:
    'There is no /silence yet: nothing was silenced. /incident ack <id> says that you are on it, /incident close <id> ends ' +
    'it until it occurs again, /alert list shows what fires; silence an alert in Alertmanager itself.',
};

/** `/commands`, and the same with an exclamation mark for channels that keep the slash to themselves; a bare `help` or `status`. */
@injectable()
export class CommandIntent implements Intent<CommandWords> {
  readonly id = 'command';
  readonly priority = INTENT_PRIORITIES.command;
  private readonly commands: ReadonlyMap<string, ChatCommand>;

  constructor(@injectEach(ChatCommand) commands: readonly ChatCommand[]) {
    this.commands = new Map(commands.map((command) => [command.name, command]));
  }

  match(text: string): CommandWords | null {
    const [, bare] = bareCommandPattern.exec(text) ?? [];
    if (bare !== undefined) return { name: bare.toLowerCase(), words: [] };
    const found = commandPattern.exec(text);
    if (found === null) return null;
    const name = (found[1] ?? '').toLowerCase();
    // An exclamation mark may begin any sentence; it begins a command only with a known name.
    if (text.startsWith('!') && name !== 'help' && !this.commands.has(name) && !Object.hasOwn(notThere, name))
      return null;
    const rest = text.slice(found[0].length).trim();
    return { name, words: rest === '' ? [] : rest.split(/\s+/) };
  }

  isPrompt({ name, words }: CommandWords): boolean {
    return this.commands.get(name)?.isPrompt?.(words) ?? true;
  }

  isReading({ name, words }: CommandWords, context: IntentContext): boolean {
    return name === 'help' || this.commands.get(name)?.isReading?.(words, context) === true;
  }

  async handle({ name, words }: CommandWords, context: IntentContext): Promise<readonly OutgoingMessage[]> {
    if (name === 'help') return [renderHelp([...this.commands.values()], words[0])];
    const command = this.commands.get(name);
    if (command === undefined) return [this.unknownCommand(name)];
    return command.run({ words, actor: context.actor, context });
  }

  private unknownCommand(name: string): OutgoingMessage {
    if (Object.hasOwn(notThere, name)) return missingMessage(name, notThere[name] ?? '');
    const near = nearestName(name, [...this.commands.keys(), 'help']);
    const hint = near === null ? '' : ` Did you mean /${near}?`;
    return ownMessage(`There is no command /${name}.${hint} /help lists what there is.`);
  }
}

// What is not there is named, but nobody is told to type it.
function missingMessage(name: string, text: string): OutgoingMessage {
  const { commands = [] } = ownMessage(text);
  return plainMessage(
    text,
    commands.filter((command) => command !== `/${name}`),
  );
}
