/** A label query as it stands in the `labelSelector` parameter, ready to be asked. */
export type LabelPredicate = (labels: Readonly<Record<string, string>>) => boolean;

/** A label query as it stands in the `spec.selector` of a workload. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>> | undefined;
  readonly matchExpressions?:
    readonly { key: string; operator: string; values?: readonly string[] | undefined }[] | undefined;
}

const KEY = String.raw`[A-Za-z0-9][-A-Za-z0-9_./]*`;
const SET = new RegExp(String.raw`^(${KEY})\s+(in|notin)\s*\(([^)]*)\)$`);
const EQUAL = new RegExp(String.raw`^(${KEY})\s*(==|=|!=)\s*([-A-Za-z0-9_.]*)$`);
const EXISTS = new RegExp(String.raw`^(!?)\s*(${KEY})$`);

function parseRequirement(text: string): LabelPredicate | null {
  const set = SET.exec(text);
  if (set) {
    const [, key = '', operator, listed = ''] = set;
    const values = new Set(listed.split(',').map((value) => value.trim()));
    return (labels) => (labels[key] !== undefined && values.has(labels[key])) === (operator === 'in');
  }
  const equal = EQUAL.exec(text);
  if (equal) {
    const [, key = '', operator, value] = equal;
    return (labels) => (labels[key] === value) === (operator !== '!=');
  }
  const exists = EXISTS.exec(text);
  if (!exists) return null;
  const [, negated, key = ''] = exists;
  return (labels) => (labels[key] !== undefined) === (negated === '');
}

/** Parses a `labelSelector` parameter; `null` when it is malformed. */
export function parseLabelSelector(text: string): LabelPredicate | null {
  const parts = text.match(/(?:[^,(]|\([^)]*\))+/g) ?? [];
  const requirements: LabelPredicate[] = [];
  for (const part of parts) {
    const requirement = parseRequirement(part.trim());
    if (!requirement) return null;
    requirements.push(requirement);
  }
  return (labels) => requirements.every((requirement) => requirement(labels));
}

/** Asks whether a workload's selector takes these labels; an empty selector takes none. */
export function matchesLabelSelector(selector: LabelSelector, labels: Readonly<Record<string, string>>): boolean {
  const exact = Object.entries(selector.matchLabels ?? {});
  const expressions = selector.matchExpressions ?? [];
  if (exact.length + expressions.length === 0) return false;
  if (exact.some(([key, value]) => labels[key] !== value)) return false;
  return expressions.every(({ key, operator, values = [] }) => {
    const value = labels[key];
    if (operator === 'Exists') return value !== undefined;
    if (operator === 'DoesNotExist') return value === undefined;
    const isListed = value !== undefined && values.includes(value);
    return operator === 'In' ? isListed : !isListed;
  });
}

/** Writes a workload's selector as the scale subresource shows it. */
export function formatLabelSelector(selector: LabelSelector): string {
  return Object.entries(selector.matchLabels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}
