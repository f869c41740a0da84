/** A piece of a templated text: words, or a dotted look-up. */
export type TemplatePart =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'look-up'; readonly path: readonly string[] };

/** A text cut into its pieces, or where it is malformed. */
export type ParsedTemplate =
  | { readonly ok: true; readonly parts: readonly TemplatePart[] }
  | { readonly ok: false; readonly expression: string; readonly message: string };

const segmentPattern = /^[A-Za-z0-9_-]+$/;

/** Cuts a text at its `{{ dotted.look.ups }}`; nothing else is an expression. */
export function parseTemplate(text: string): ParsedTemplate {
  const parts: TemplatePart[] = [];
  let rest = text;
  for (;;) {
    const start = rest.indexOf('{{');
    if (start < 0) break;
    const end = rest.indexOf('}}', start + 2);
    if (end < 0) {
      return { ok: false, expression: rest.slice(start), message: "is not closed. Add '}}'" };
    }
    const path = rest
      .slice(start + 2, end)
      .trim()
      .split('.');
    if (!path.every((segment) => segmentPattern.test(segment))) {
      return {
        ok: false,
        expression: rest.slice(start, end + 2),
        message: "is not a dotted look-up. Write names joined by dots, such as '{{ incident.resource.name }}'",
      };
    }
    if (start > 0) parts.push({ kind: 'text', text: rest.slice(0, start) });
    parts.push({ kind: 'look-up', path });
    rest = rest.slice(end + 2);
  }
  if (rest !== '') parts.push({ kind: 'text', text: rest });
  return { ok: true, parts };
}
