import { SEVERITIES, nearestName } from '@dogwatch/core';
import { z } from 'zod';
import { compilePattern } from './compile-pattern.js';
import { durationSchema } from '../yaml/parse-duration.js';

/** What the names in a rule may be. */
export interface KnownNames {
  /** Event types that something reports; one that is not among them, but near to one, is a slip of the hand. */
  readonly eventTypes: readonly string[];
  /** Actions by name; `null` takes no argument, a list names its arguments. */
  readonly actions: Readonly<Record<string, readonly string[] | null>>;
}

const patternSchema = z.string().transform((text, context) => {
  const compiled = compilePattern(text);
  if (compiled.ok) return compiled.pattern;
  context.addIssue({ code: 'custom', message: compiled.message });
  return z.NEVER;
});

function oneOrList<Item extends z.ZodType>(item: Item) {
  return z
    .union([item, z.array(item).min(1)])
    .transform((value): readonly z.output<Item>[] =>
      Array.isArray(value) ? (value as readonly z.output<Item>[]) : [value as z.output<Item>],
    );
}

const conditionsSchema = z.strictObject({
  cluster: patternSchema.optional(),
  namespace: patternSchema.optional(),
  kind: patternSchema.optional(),
  name: patternSchema.optional(),
  labels: z.record(z.string(), patternSchema).optional(),
  severity: oneOrList(z.enum(SEVERITIES)).optional(),
  min_count: z.int().min(1).optional(),
  rolled_out_within: durationSchema.optional(),
  has_previous_revision: z.boolean().optional(),
  alertname: patternSchema.optional(),
});

/** Conditions of a rule, ready to be looked at. */
export type RuleConditions = z.output<typeof conditionsSchema>;

function eventTypeSchema({ eventTypes }: KnownNames) {
  return z
    .string()
    .regex(/^[a-z][a-z0-9_]*$/, 'must be an event type such as crash_loop')
    .superRefine((name, context) => {
      const nearest = eventTypes.includes(name) ? null : nearestName(name, eventTypes);
      if (nearest !== null) {
        context.addIssue({ code: 'custom', message: `unknown event type '${name}', did you mean '${nearest}'?` });
      }
    });
}

/** Says what is wrong with an action, naming what is known; `null` when it is known. */
export function describeUnknownAction(action: string, known: KnownNames['actions']): string | null {
  const colon = action.indexOf(':');
  const name = colon < 0 ? action : action.slice(0, colon);
  const argument = colon < 0 ? null : action.slice(colon + 1);
  const knownArguments = Object.hasOwn(known, name) ? (known[name] ?? null) : undefined;
  if (knownArguments === null)
    return argument === null ? null : `action '${name}' takes nothing after it, got '${action}'`;
  if (knownArguments !== undefined && argument !== null && knownArguments.includes(argument)) return null;
  const all = Object.entries(known).flatMap(([key, names]) =>
    names === null ? [key] : names.map((one) => `${key}:${one}`),
  );
  const nearest = nearestName(action, all);
  const hint = nearest === null ? '' : `, did you mean '${nearest}'?`;
  return `unknown action '${action}'${hint}${nearest === null ? ',' : ''} known actions: ${all.sort().join(', ') || '(none)'}`;
}

function actionSchema({ actions }: KnownNames) {
  return z.string().superRefine((action, context) => {
    const message = describeUnknownAction(action, actions);
    if (message !== null) context.addIssue({ code: 'custom', message });
  });
}

/** The schema of a rule file. */
export function ruleFileSchema(known: KnownNames) {
  return z.strictObject({
    rules: z.array(
      z.strictObject({
        name: z.string().regex(/^[a-z0-9][a-z0-9_-]*$/, "must be of a-z, 0-9, '-' and '_'"),
        event_type: oneOrList(eventTypeSchema(known)),
        conditions: conditionsSchema.prefault({}),
        severity: z.enum(SEVERITIES).optional(),
        actions: z.array(actionSchema(known)).min(1),
        cooldown_seconds: z.number().min(0).default(0),
      }),
    ),
  });
}

/** A rule as a file has it, checked. */
export type RuleEntry = z.output<ReturnType<typeof ruleFileSchema>>['rules'][number];
