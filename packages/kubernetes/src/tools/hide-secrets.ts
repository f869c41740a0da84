import type { JsonObject, JsonValue } from '@dogwatch/core';

const hidden = '[hidden]';
const appliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';
// Words that name a credential in environment variables and keys: DB_PASSWORD, API_TOKEN, aws_secret_access_key.
const secretName =
  /(^|[-_.])(pass(word|wd|phrase)?|pwd|token|secret|credentials?|api-?key|access-?key|private-?key)([-_.]|$)/i;

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hideValues(data: JsonValue | undefined): JsonObject {
  if (!isObject(data)) return {};
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, `${hidden} ${sizeOf(value)} characters`]));
}

function sizeOf(value: JsonValue): number {
  return typeof value === 'string' ? value.length : 0;
}

// A Secret as it was applied stands in an annotation too, in plain text.
function withoutBookkeeping(metadata: JsonObject): JsonObject {
  const { managedFields: _managed, annotations, ...rest } = metadata;
  if (!isObject(annotations)) return rest;
  const { [appliedAnnotation]: _applied, ...shown } = annotations;
  return Object.keys(shown).length === 0 ? rest : { ...rest, annotations: shown };
}

function hideCredentials(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(hideCredentials);
  if (!isObject(value)) return value;
  const { name } = value;
  if (typeof name === 'string' && typeof value['value'] === 'string' && secretName.test(name)) {
    return { ...value, value: hidden };
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hideCredentials(item)]));
}

function hideNamedEntries(data: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(data).map(([key, item]) => [key, secretName.test(key) ? hidden : item]));
}

/**
 * An object as it may be shown: of a Secret only the names and sizes of its entries, no variable whose name says that it
 * is a credential, and no bookkeeping. The data of Secrets never leaves this package.
 */
export function hideSecrets(object: JsonObject): JsonObject {
  const metadata = isObject(object['metadata']) ? withoutBookkeeping(object['metadata']) : {};
  const shown: JsonObject = { ...object, metadata };
  if (object['kind'] === 'ConfigMap' && isObject(shown['data']))
    return { ...shown, data: hideNamedEntries(shown['data']) };
  if (object['kind'] !== 'Secret') return hideCredentials(shown) as JsonObject;
  const { stringData: _plain, ...rest } = shown;
  return { ...rest, data: hideValues(object['data']) };
}
