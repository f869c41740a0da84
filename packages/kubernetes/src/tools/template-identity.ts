import { canonicalJson } from '@dogwatch/core';
import type { JsonObject, JsonValue } from '@dogwatch/core';
import { deploymentTemplate, omitKeys, RESTARTED_AT_ANNOTATION } from './raw-object.js';
import type { RawTemplate } from './raw-object.js';

/** Text that is equal for templates which differ in nothing but restart and Dogwatch annotations. */
export function templateIdentity(template: RawTemplate): string {
  const { metadata, ...rest } = deploymentTemplate(template) as JsonObject & { metadata: JsonObject };
  const annotations = omitKeys(
    metadata['annotations'] as Readonly<Record<string, string>> | undefined,
    (key) => key === RESTARTED_AT_ANNOTATION || key.startsWith('dogwatch.dev/'),
  );
  return canonicalJson({ ...(rest as JsonObject), metadata: { labels: metadata['labels'] ?? {}, annotations } });
}

/** Whether two templates are the same to the letter, but for an absent and an empty metadata map. */
export function isSameTemplate(a: JsonValue, b: JsonValue): boolean {
  return templateText(a) === templateText(b);
}

/** Text that is equal for templates which are the same to the letter. */
export function templateText(template: JsonValue): string {
  const { metadata, ...rest } = template as JsonObject & { metadata?: JsonObject | null };
  const { creationTimestamp: _unset, ...named } = metadata ?? {};
  const filled = Object.fromEntries(
    Object.entries(named).filter(([, value]) => value !== null && Object.keys(value as object).length > 0),
  );
  return canonicalJson({ ...(rest as JsonObject), metadata: filled });
}
