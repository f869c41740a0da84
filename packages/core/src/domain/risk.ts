/** Every risk, lowest first. */
export const RISKS = ['low', 'medium', 'high'] as const;

/** How much harm a call may do when it goes wrong. */
export type Risk = (typeof RISKS)[number];

/** The highest of the given risks; `low` for none. */
export function maxRisk(risks: Iterable<Risk>): Risk {
  let highest: Risk = 'low';
  for (const risk of risks) if (RISKS.indexOf(risk) > RISKS.indexOf(highest)) highest = risk;
  return highest;
}
