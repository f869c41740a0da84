const entities: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&' };

const decodeEntities = (text: string): string =>
  text.replace(/&(?:lt|gt|amp);/g, (entity) => entities[entity] as string);

function decodeToken(inner: string): string {
  const [target = '', label = ''] = inner.split('|', 2);
  if (/^[@#]/.test(target)) return label === '' ? target : `${target[0]}${label.replace(/^[@#]/, '')}`;
  if (target.startsWith('!')) return label === '' ? `@${target.slice(1)}` : label;
  return label === '' ? target : label;
}

/**
 * Turns what Slack sends into the words that the person typed: `&lt;` into `<`, an address into itself, a mention into `@U…` or, where
 * Slack names it, `@name`.
 */
export function decodeText(text: string): string {
  return decodeEntities(text.replace(/<([^<>]+)>/g, (_whole, inner: string) => decodeToken(inner)));
}

/** Takes mentions of this user out, with the spaces and punctuation that a leading one is followed by. */
export function stripMention(text: string, userId: string): string {
  const mention = `<@${userId}(?:\\|[^<>]*)?>`;
  return text.replace(new RegExp(`^\\s*(?:${mention}[\\s,:]*)+`), '').replace(new RegExp(`\\s*${mention}`, 'g'), '');
}

/** Says whether text mentions this user. */
export function mentions(text: string, userId: string): boolean {
  return new RegExp(`<@${userId}(?:\\|[^<>]*)?>`).test(text);
}

/** Turns `!k8s pods` into `/k8s pods`: Slack keeps a leading slash for commands that it knows. */
export function readBangCommand(text: string): string {
  return text.replace(/^(\s*)!(?=[a-z])/i, '$1/');
}
