import * as limits from './slack-limits.js';

type Part = Readonly<Record<string, unknown>>;

class BlockChecker {
  readonly problems: string[] = [];
  private readonly ids = new Set<string>();

  check(blocks: readonly unknown[]): void {
    this.most(blocks, limits.MAX_BLOCKS, '/blocks');
    blocks.forEach((block, index) => this.block(asPart(block), `/blocks/${index}`));
  }

  private block(block: Part, at: string): void {
    this.unique(block['block_id'], `${at}/block_id`);
    switch (block['type']) {
      case 'header':
        return this.text(block['text'], `${at}/text`, { max: limits.MAX_HEADER_CHARACTERS, only: 'plain_text' });
      case 'section':
        return this.section(block, at);
      case 'divider':
        return;
      case 'context':
        return this.context(block, at);
      case 'actions':
        return this.actions(block, at);
      case 'rich_text':
        return this.richText(block, at);
      default:
        this.problems.push(`unsupported type: ${String(block['type'])} [json-pointer:${at}/type]`);
    }
  }

  private section(block: Part, at: string): void {
    const { text, fields } = block;
    if (text === undefined && fields === undefined) this.problems.push(`missing text or fields [json-pointer:${at}]`);
    if (text !== undefined) this.text(text, `${at}/text`, { max: limits.MAX_SECTION_CHARACTERS });
    const list = asList(fields);
    this.most(list, limits.MAX_FIELDS, `${at}/fields`);
    list.forEach((field, n) => this.text(field, `${at}/fields/${n}`, { max: limits.MAX_FIELD_CHARACTERS }));
  }

  private context(block: Part, at: string): void {
    const elements = this.filled(block['elements'], `${at}/elements`);
    this.most(elements, limits.MAX_CONTEXT_ELEMENTS, `${at}/elements`);
    elements.forEach((element, n) => this.text(element, `${at}/elements/${n}`, { max: limits.MAX_SECTION_CHARACTERS }));
  }

  private actions(block: Part, at: string): void {
    const elements = this.filled(block['elements'], `${at}/elements`);
    this.most(elements, limits.MAX_ACTION_ELEMENTS, `${at}/elements`);
    const seen = new Set<unknown>();
    elements.forEach((element, n) => {
      const button = asPart(element);
      const where = `${at}/elements/${n}`;
      const id = button['action_id'];
      if (seen.has(id)) this.problems.push(`\`action_id\` ${String(id)} already exists [json-pointer:${where}]`);
      seen.add(id);
      this.button(button, where);
    });
  }

  private button(button: Part, at: string): void {
    if (button['type'] !== 'button') {
      this.problems.push(`unsupported type: ${String(button['type'])} [json-pointer:${at}/type]`);
      return;
    }
    this.text(button['text'], `${at}/text`, { max: limits.MAX_BUTTON_LABEL_CHARACTERS, only: 'plain_text' });
    this.length(button['value'] ?? '', { max: limits.MAX_BUTTON_VALUE_CHARACTERS, min: 0 }, `${at}/value`);
    this.length(button['action_id'], { max: limits.MAX_ID_CHARACTERS, min: 1 }, `${at}/action_id`);
    const { style, confirm } = button;
    if (style !== undefined && style !== 'primary' && style !== 'danger') {
      this.problems.push(`failed to match all allowed schemas [json-pointer:${at}/style]`);
    }
    if (confirm === undefined) return;
    for (const [name, max] of Object.entries(limits.MAX_CONFIRM_CHARACTERS)) {
      this.text(asPart(confirm)[name], `${at}/confirm/${name}`, { max });
    }
  }

  private richText(block: Part, at: string): void {
    this.filled(block['elements'], `${at}/elements`).forEach((element, n) => {
      const part = asPart(element);
      const where = `${at}/elements/${n}`;
      const known = ['rich_text_section', 'rich_text_preformatted', 'rich_text_quote', 'rich_text_list'];
      if (!known.includes(part['type'] as string)) {
        this.problems.push(`unsupported type: ${String(part['type'])} [json-pointer:${where}/type]`);
      }
      asList(part['elements']).forEach((leaf, m) => {
        const { type, text } = asPart(leaf);
        if (type === 'text') {
          this.length(text, { max: Number.POSITIVE_INFINITY, min: 1 }, `${where}/elements/${m}/text`);
        }
      });
    });
  }

  private text(value: unknown, at: string, { max, only }: { readonly max: number; readonly only?: string }): void {
    const { type, text } = asPart(value);
    if (type !== 'plain_text' && (only !== undefined || type !== 'mrkdwn')) {
      this.problems.push(`must be a ${only ?? 'plain_text or mrkdwn'} object [json-pointer:${at}]`);
    }
    this.length(text, { max, min: 1 }, `${at}/text`);
  }

  private length(value: unknown, { max, min }: { readonly max: number; readonly min: number }, at: string): void {
    if (typeof value !== 'string') this.problems.push(`must be a string [json-pointer:${at}]`);
    else if (value.length > max) this.problems.push(`must be less than ${max + 1} characters [json-pointer:${at}]`);
    else if (value.length < min) this.problems.push(`must be more than ${min - 1} characters [json-pointer:${at}]`);
  }

  private filled(value: unknown, at: string): readonly unknown[] {
    const list = asList(value);
    if (list.length === 0) this.problems.push(`must have at least 1 item [json-pointer:${at}]`);
    return list;
  }

  private most(list: readonly unknown[], max: number, at: string): void {
    if (list.length > max) this.problems.push(`no more than ${max} items allowed [json-pointer:${at}]`);
  }

  private unique(id: unknown, at: string): void {
    if (id === undefined) return;
    this.length(id, { max: limits.MAX_ID_CHARACTERS, min: 1 }, at);
    if (this.ids.has(id as string)) this.problems.push(`\`block_id\` already exists [json-pointer:${at}]`);
    this.ids.add(id as string);
  }
}

function asPart(value: unknown): Part {
  return typeof value === 'object' && value !== null ? (value as Part) : {};
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Says what is wrong with blocks, in the words of `response_metadata.messages`; empty when Slack would take them. */
export function checkBlocks(blocks: readonly unknown[]): readonly string[] {
  const checker = new BlockChecker();
  checker.check(blocks);
  return checker.problems;
}
