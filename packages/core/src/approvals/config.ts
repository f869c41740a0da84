import { z } from 'zod';
import { defineConfigSection } from '../config/config-section.js';
import type { SchemaOutput } from '../config/standard-schema.js';
import { RISKS } from '../domain/risk.js';
import { SEVERITIES } from '../domain/severity.js';
import { namedPeople } from '../people/named-people.js';
import type { ApprovalSettings } from './approval-settings.js';
import { autoLowRule } from './risk-policy.js';

const wholeNumber = z.coerce.number().int();
const patterns = z.array(z.string().min(1)).min(1);

const policyRule = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'must be lower-case words joined by dashes'),
  risk: z.array(z.enum(RISKS)).min(1).optional(),
  namespace: patterns.optional(),
  tool: patterns.optional(),
  verdict: z.enum(['auto', 'ask', 'deny']),
  raiseTo: z.enum(RISKS).optional(),
  reason: z.string().min(1),
});

const approverRule = z.strictObject({
  risk: z.array(z.enum(RISKS)).min(1).optional(),
  namespace: patterns.optional(),
  cluster: patterns.optional(),
  who: z.array(namedPeople).min(1),
  channels: patterns.optional(),
  votes: wholeNumber.min(1).max(10).default(1),
  requesterMayApprove: z.boolean().default(true),
});

const place = z
  .string()
  .regex(/^[^:]+:.+$/, "must look like 'slack:C012ABCDEF', 'telegram:-100200', or 'user:anna' for a direct message");

const escalationRule = z.strictObject({
  risk: z.array(z.enum(RISKS)).min(1).optional(),
  namespace: patterns.optional(),
  cluster: patterns.optional(),
  severity: z.array(z.enum(SEVERITIES)).min(1).optional(),
  steps: z
    .array(z.strictObject({ afterSeconds: wholeNumber.min(1), to: z.array(place).min(1).nullable().default(null) }))
    .min(1)
    .max(10),
});

/** Section `approvals`: who may decide, for how long, and what may run without asking. */
export const approvalsConfig = defineConfigSection({
  name: 'approvals',
  schema: z
    .strictObject({
      timeoutSeconds: wholeNumber.min(1).max(86_400).default(300),
      /** Who may decide what no rule below is about; null = every authenticated actor. */
      approvers: z.array(namedPeople).min(1).nullable().default(null),
      /** Asked in order; the first rule that fits says who may decide, and how many must agree. */
      approverRules: z.array(approverRule).default([]),
      /** Who is asked again, and when, as long as nobody decides; the first rule that fits. */
      escalation: z.array(escalationRule).default([]),
      /** Whether people who are not in `users`, once anybody is, may at least look at things in chat. */
      unknownPeople: z.enum(['refuse', 'read']).default('refuse'),
      /** Namespaces in which calls of low risk run without asking. */
      autoApproveLowIn: z.array(z.string().min(1)).default([]),
      /** Asked in order before anything else; the first rule that fits decides. */
      policy: z.array(policyRule).default([]),
      breakerFailures: wholeNumber.min(1).default(3),
      objectCooldownSeconds: wholeNumber.min(0).default(300),
      /** How many changes may run by themselves within a while; further ones ask. */
      automaticChanges: z
        .strictObject({
          perNamespace: wholeNumber.min(1).default(5),
          perCluster: wholeNumber.min(1).default(20),
          withinSeconds: wholeNumber.min(1).default(3_600),
        })
        .prefault({}),
    })
    .superRefine(({ timeoutSeconds, escalation }, context) => {
      escalation.forEach(({ steps }, rule) => {
        steps.forEach(({ afterSeconds }, step) => {
          const earlier = steps[step - 1]?.afterSeconds ?? 0;
          const message =
            afterSeconds >= timeoutSeconds
              ? `comes too late: the approval has expired by then. Make it less than timeoutSeconds (${timeoutSeconds}), or raise that`
              : afterSeconds <= earlier
                ? `must be more than that of the step before (${earlier}): all are counted from the first question`
                : null;
          const path = ['escalation', rule, 'steps', step, 'afterSeconds'];
          if (message !== null) context.addIssue({ code: 'custom', path, message });
        });
      });
    })
    .prefault({}),
  env: { APPROVAL_TIMEOUT_SECONDS: 'timeoutSeconds' },
});

/** Settings of approvals and runs, as configured. */
export type ApprovalsConfig = SchemaOutput<typeof approvalsConfig>;

/** Turns the configured section into what the approvals and runs work with. */
export function toApprovalSettings(config: ApprovalsConfig): ApprovalSettings {
  const opted = config.autoApproveLowIn.length === 0 ? [] : [autoLowRule(config.autoApproveLowIn)];
  return {
    timeoutMs: config.timeoutSeconds * 1_000,
    approverRules: [
      ...config.approverRules.map(withoutAbsent),
      { who: config.approvers, votes: 1, requesterMayApprove: true },
    ],
    escalation: config.escalation.map(({ steps, ...conditions }) => ({
      ...withoutAbsent(conditions),
      steps: steps.map(({ afterSeconds, to }) => ({ afterMs: afterSeconds * 1_000, to })),
    })),
    unknownPeople: config.unknownPeople,
    policy: [...config.policy.map(withoutAbsent), ...opted],
    breakerFailures: config.breakerFailures,
    objectCooldownMs: config.objectCooldownSeconds * 1_000,
    automaticChanges: {
      perNamespace: config.automaticChanges.perNamespace,
      perCluster: config.automaticChanges.perCluster,
      windowMs: config.automaticChanges.withinSeconds * 1_000,
    },
  };
}

// Absent conditions are left out, not undefined.
function withoutAbsent<T extends object>(rule: T): WithoutUndefined<T> {
  return Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined)) as WithoutUndefined<T>;
}

type WithoutUndefined<T> = { [K in keyof T]: Exclude<T[K], undefined> };
