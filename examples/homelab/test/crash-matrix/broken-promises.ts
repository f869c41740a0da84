import type { CrashPoint } from './crash-points.js';
import type { ScenarioOutcome } from './crash-scenario.js';

/** Names every broken promise; none is the only good answer. Only who was killed at a write to the cluster may not know what came of it. */
export function brokenPromises(
  { incidents, accepted, effects }: ScenarioOutcome,
  point: Pick<CrashPoint, 'kind'> | null,
): string[] {
  const broken: string[] = [];
  const mayBeUnknown = point?.kind === 'patch';
  if (incidents.length !== 1) broken.push(`${incidents.length} incidents instead of one`);
  const runs = incidents.flatMap((incident) => incident.runs);
  const approvals = incidents.flatMap((incident) => incident.approvals);
  const twice = effects.filter((run, index) => effects.indexOf(run) < index);
  if (twice.length > 0) broken.push(`the effect of run ${twice.join(', ')} happened twice`);
  if (effects.length > 1) broken.push(`${effects.length} effects for one problem`);
  for (const run of runs) {
    if (run.status !== 'succeeded' && !(run.status === 'unknown' && mayBeUnknown))
      broken.push(`run ${run.id} ended ${run.status}`);
    if (run.status === 'succeeded' && !effects.includes(run.id)) broken.push(`run ${run.id} succeeded without effect`);
  }
  for (const { id } of accepted) {
    const now = approvals.find((approval) => approval.id === id);
    if (now === undefined) broken.push(`approval ${id} is lost`);
    else if (now.status !== 'approved') broken.push(`approval ${id} was approved and is ${now.status}`);
  }
  return broken;
}
