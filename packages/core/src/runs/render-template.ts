import type { JsonObject, JsonValue } from '../domain/json.js';
import { parseTemplate } from './parse-template.js';
import type { TemplatePart } from './parse-template.js';

/** A value with every look-up replaced, or why that cannot be. */
export type Rendered<T extends JsonValue = JsonValue> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

/** Replaces the look-ups in all strings of a step's arguments. What is looked up is data: it is never rendered again. */
export function renderTemplate(value: JsonObject, scope: JsonObject): Rendered<JsonObject> {
  // An object renders to an object; only strings change their type.
  return renderValue(value, scope) as Rendered<JsonObject>;
}

function renderValue(value: JsonValue, scope: JsonObject): Rendered {
  if (typeof value === 'string') return renderText(value, scope);
  if (value === null || typeof value !== 'object') return { ok: true, value };
  if (isList(value)) {
    const items: JsonValue[] = [];
    for (const item of value) {
      const rendered = renderValue(item, scope);
      if (!rendered.ok) return rendered;
      items.push(rendered.value);
    }
    return { ok: true, value: items };
  }
  const members: [string, JsonValue][] = [];
  for (const [key, item] of Object.entries(value)) {
    const rendered = renderValue(item, scope);
    if (!rendered.ok) return rendered;
    members.push([key, rendered.value]);
  }
  return { ok: true, value: Object.fromEntries(members) };
}

function renderText(text: string, scope: JsonObject): Rendered {
  const parsed = parseTemplate(text);
  if (!parsed.ok) return { ok: false, reason: `'${parsed.expression}' ${parsed.message}.` };
  const only = wholeLookUp(parsed.parts);
  if (only !== null) return lookUp(only, scope);
  let result = '';
  for (const part of parsed.parts) {
    if (part.kind === 'text') {
      result += part.text;
      continue;
    }
    const found = lookUp(part.path, scope);
    if (!found.ok) return found;
    if (typeof found.value === 'object') {
      return { ok: false, reason: `'${part.path.join('.')}' is a whole object and cannot stand inside a text.` };
    }
    result += String(found.value);
  }
  return { ok: true, value: result };
}

// A text that is one look-up, give or take white space, keeps the type of the value.
function wholeLookUp(parts: readonly TemplatePart[]): readonly string[] | null {
  const meaningful = parts.filter((part) => part.kind === 'look-up' || part.text.trim() !== '');
  const [first] = meaningful;
  return meaningful.length === 1 && first?.kind === 'look-up' ? first.path : null;
}

function lookUp(path: readonly string[], scope: JsonObject): Rendered {
  let value: JsonValue = scope;
  for (const [depth, segment] of path.entries()) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, segment)) {
      const known = value !== null && typeof value === 'object' && !isList(value) ? Object.keys(value) : [];
      const hint = known.length > 0 ? ` (known there: ${known.slice(0, 12).join(', ')})` : '';
      return { ok: false, reason: `'${path.slice(0, depth + 1).join('.')}' does not exist${hint}.` };
    }
    value = (value as Readonly<Record<string, JsonValue>>)[segment] ?? null;
  }
  if (value === null) return { ok: false, reason: `'${path.join('.')}' is null.` };
  return { ok: true, value };
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
