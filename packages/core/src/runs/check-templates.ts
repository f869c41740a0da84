import type { ErrorDetail } from '../errors/app-error.js';
import { describeUnknownName } from '../config/nearest-name.js';
import type { IncidentSummary } from '../domain/incident-summary.js';
import type { JsonValue } from '../domain/json.js';
import type { Playbook } from '../ports/playbook.js';
import { parseTemplate } from './parse-template.js';

const roots = ['incident', 'problem', 'steps', 'params'];

// An object, so that a name which an incident gains or loses does not compile until it is said here too.
const incidentNames: Readonly<Record<keyof IncidentSummary, true>> = {
  id: true,
  key: true,
  title: true,
  severity: true,
  status: true,
  eventType: true,
  problems: true,
  cluster: true,
  namespace: true,
  resource: true,
  sources: true,
  openedAt: true,
  acknowledgedAt: true,
  resolvedAt: true,
};
const resourceNames: Readonly<Record<keyof IncidentSummary['resource'], true>> = { kind: true, name: true, uid: true };

/**
 * Answers every look-up of a playbook that cannot ever work, with its path (`steps[1].with.revision`): unknown roots,
 * unknown names of an incident, steps that do not come before, malformed expressions. Empty when all is well.
 */
export function checkTemplates(playbook: Playbook): readonly ErrorDetail[] {
  const problems: ErrorDetail[] = [];
  const earlier: string[] = [];
  for (const [index, step] of playbook.steps.entries()) {
    checkValue(step.with, `steps[${index}].with`, { earlier, problems });
    earlier.push(step.id);
  }
  return problems;
}

interface CheckState {
  readonly earlier: readonly string[];
  readonly problems: ErrorDetail[];
}

function checkValue(value: JsonValue, path: string, state: CheckState): void {
  if (typeof value === 'string') {
    checkText(value, path, state);
  } else if (Array.isArray(value)) {
    for (const [index, item] of (value as readonly JsonValue[]).entries()) checkValue(item, `${path}[${index}]`, state);
  } else if (value !== null && typeof value === 'object') {
    for (const [key, item] of Object.entries(value)) checkValue(item, `${path}.${key}`, state);
  }
}

function checkText(text: string, path: string, { earlier, problems }: CheckState): void {
  const parsed = parseTemplate(text);
  if (!parsed.ok) {
    problems.push({ path, message: `'${parsed.expression}' ${parsed.message}.` });
    return;
  }
  for (const part of parsed.parts) {
    const message = part.kind === 'look-up' ? checkLookUp(part.path, earlier) : null;
    if (message !== null) problems.push({ path, message });
  }
}

function checkLookUp(path: readonly string[], earlier: readonly string[]): string | null {
  const [root = '', step, field] = path;
  const expression = path.join('.');
  if (!roots.includes(root)) return `'${expression}' begins with unknown '${root}'. Use one of: ${roots.join(', ')}.`;
  if (path.length === 1) return `'${expression}' names no value. Add a name after a dot, such as '${root}.namespace'.`;
  if (root === 'incident') return checkIncidentName(path);
  if (root !== 'steps') return null;
  if (step === undefined || !earlier.includes(step)) {
    const known = earlier.length > 0 ? `Steps before it: ${earlier.join(', ')}.` : 'No step comes before it.';
    return `'${expression}' names step '${step}', which does not come before. ${known}`;
  }
  if (field !== 'output') return `'${expression}' must go on with 'output': 'steps.${step}.output'.`;
  return null;
}

function checkIncidentName([, name = '', field]: readonly string[]): string | null {
  if (!Object.hasOwn(incidentNames, name)) {
    const known = Object.keys(incidentNames).map((one) => `incident.${one}`);
    return describeUnknownName('name', `incident.${name}`, known);
  }
  if (name !== 'resource' || field === undefined || Object.hasOwn(resourceNames, field)) return null;
  const known = Object.keys(resourceNames).map((one) => `incident.resource.${one}`);
  return describeUnknownName('name', `incident.resource.${field}`, known);
}
