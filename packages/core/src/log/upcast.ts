import { AppError } from '../errors/app-error.js';
import type { JsonObject } from '../domain/json.js';
import type { StoredEvent } from '../ports/incident-log.js';

/** How the data of one event type became another shape: from one schema version to the next. */
export interface UpcastRule {
  readonly type: string;
  /** The schema version that the rule reads; it answers data of the next one. */
  readonly fromVersion: number;
  readonly upcast: (data: JsonObject, event: StoredEvent) => JsonObject;
}

/** Turns an event as stored into one of the newest schema version; hash and previousHash stay those of the stored one. */
export type Upcaster = (event: StoredEvent) => StoredEvent;

/**
 * Makes an upcaster of rules; each type's rules must lead from their first version to the newest without a gap.
 *
 * An event newer than the rules of its type know was written by a newer Dogwatch and throws `DW_LOG_EVENT_TOO_NEW`;
 * types without rules pass as they are.
 */
export function createUpcaster(rules: readonly UpcastRule[]): Upcaster {
  const byType = new Map<string, Map<number, UpcastRule>>();
  for (const rule of rules) {
    const ofType = byType.get(rule.type) ?? new Map<number, UpcastRule>();
    if (ofType.has(rule.fromVersion)) refuseRules(rule.type, `has two rules for version ${rule.fromVersion}`);
    byType.set(rule.type, ofType.set(rule.fromVersion, rule));
  }
  for (const [type, ofType] of byType) {
    const versions = [...ofType.keys()].sort((a, b) => a - b);
    versions.forEach((version, index) => {
      if (version !== index + 1) refuseRules(type, `has no rule for version ${index + 1}`);
    });
  }
  return (event) => upcastEvent(event, byType.get(event.type));
}

function refuseRules(type: string, problem: string): never {
  throw new AppError(
    'DW_LOG_UPCAST_RULES_INVALID',
    `Upcasting of event type '${type}' ${problem}. Give exactly one rule for every schema version from 1 up.`,
  );
}

function upcastEvent(event: StoredEvent, rules: ReadonlyMap<number, UpcastRule> | undefined): StoredEvent {
  if (rules === undefined) return event;
  const newest = rules.size + 1;
  if (event.schemaVersion > newest) {
    throw new AppError(
      'DW_LOG_EVENT_TOO_NEW',
      `Event ${event.version} of '${event.stream}' is '${event.type}' of schema version ${event.schemaVersion}, ` +
        `but this Dogwatch knows versions up to ${newest}. Run the version that wrote it, or a newer one.`,
    );
  }
  let data = event.data;
  for (let version = event.schemaVersion; version < newest; version++) {
    const rule = rules.get(version);
    if (rule !== undefined) data = rule.upcast(data, event);
  }
  return { ...event, data, schemaVersion: newest };
}
