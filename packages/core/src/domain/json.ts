/** A value that survives JSON unchanged. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** A JSON object; absent values are `null` or left out, never `undefined`. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}
