import type { SlackBlock, SlackMessage } from './slack-workspace.js';

/** A button that can be pressed now. */
export interface SlackButton {
  readonly channel: string;
  readonly ts: string;
  readonly actionId: string;
  readonly blockId: string | null;
  readonly value: string;
  readonly label: string;
  /** The dialog that Slack opens first, or `null`. */
  readonly confirm: { readonly title: string; readonly text: string } | null;
}

/** What a person sees of messages. */
export interface SlackView {
  readonly text: string;
  readonly buttons: readonly SlackButton[];
  /** Mentions and links that sent text made. */
  readonly effects: readonly string[];
}

type Part = Readonly<Record<string, unknown>>;

const list = (value: unknown): readonly Part[] => (Array.isArray(value) ? (value as readonly Part[]) : []);
const string = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Reads `mrkdwn` as Slack does: `<…>` is a mention or a link, three characters are escaped. */
export function readMrkdwn(source: string): { readonly text: string; readonly effects: readonly string[] } {
  const effects: string[] = [];
  const shown = source.replace(/<([^<>\n]+)>/g, (whole, inner: string) => {
    effects.push(whole);
    return inner.split('|').at(-1) ?? '';
  });
  const text = shown.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  return { text, effects };
}

class ViewReader {
  readonly lines: string[] = [];
  readonly buttons: SlackButton[] = [];
  readonly effects: string[] = [];

  constructor(private readonly message: SlackMessage) {}

  read(): void {
    if (this.message.blocks.length === 0) this.lines.push(this.mrkdwn(this.message.text));
    for (const block of this.message.blocks) this.block(block);
  }

  private block(block: SlackBlock): void {
    const { type, text, fields, elements } = block;
    if (type === 'header') this.lines.push(this.textObject(text));
    if (type === 'section') {
      if (text !== undefined) this.lines.push(this.textObject(text));
      for (const field of list(fields)) this.lines.push(this.textObject(field));
    }
    if (type === 'context')
      this.lines.push(
        list(elements)
          .map((one) => this.textObject(one))
          .join(' '),
      );
    if (type === 'rich_text') for (const element of list(elements)) this.lines.push(this.richText(element));
    if (type === 'actions') for (const element of list(elements)) this.buttons.push(this.button(element, block));
  }

  private textObject(value: unknown): string {
    const { type, text } = (value ?? {}) as Part;
    return type === 'mrkdwn' ? this.mrkdwn(string(text)) : string(text);
  }

  private mrkdwn(source: string): string {
    const { text, effects } = readMrkdwn(source);
    this.effects.push(...effects);
    return text;
  }

  private richText(element: Part): string {
    return list(element['elements'])
      .map((leaf) => {
        if (leaf['type'] === 'text') return string(leaf['text']);
        if (leaf['type'] === 'rich_text_section') return this.richText(leaf);
        this.effects.push(JSON.stringify(leaf));
        return '';
      })
      .join('');
  }

  private button(button: Part, block: SlackBlock): SlackButton {
    const confirm = button['confirm'] as Part | undefined;
    return {
      channel: this.message.channel,
      ts: this.message.ts,
      actionId: string(button['action_id']),
      blockId: typeof block['block_id'] === 'string' ? block['block_id'] : null,
      value: string(button['value']),
      label: this.textObject(button['text']),
      confirm:
        confirm === undefined
          ? null
          : { title: this.textObject(confirm['title']), text: this.textObject(confirm['text']) },
    };
  }
}

/** Shows messages as a person sees them, in their order. */
export function viewSlackMessages(messages: readonly SlackMessage[]): SlackView {
  const readers = messages.map((message) => {
    const reader = new ViewReader(message);
    reader.read();
    return reader;
  });
  return {
    text: readers.flatMap((reader) => reader.lines).join('\n'),
    buttons: readers.flatMap((reader) => reader.buttons),
    effects: readers.flatMap((reader) => reader.effects),
  };
}
