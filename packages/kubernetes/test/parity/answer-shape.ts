/** Members whose text is part of the contract; of others only the type is. */
const EXACT = /^(message|reason|status|kind|type|phase|apiVersion|restartPolicy|code|exitCode|replicas)$/;

/** What a cluster adds to objects that no part of Dogwatch reads and the simulated one leaves out. */
const NOT_SIMULATED = new Set([
  'managedFields',
  'volumes',
  'volumeMounts',
  'observedGeneration',
  'allocatedResources',
  'resources',
  'collisionCount',
  'current',
]);

function generic(value: string): string {
  return value
    .replace(/\b[0-9a-f]{8}-[0-9a-f-]{27}\b/g, '<uid>')
    .replace(/\b(web|bad)-[a-z0-9]{6,10}(-[a-z0-9]{5})?(?![a-z0-9])/g, '$1-<hash>')
    .replace(/back-off \S+ restarting/, 'back-off <time> restarting')
    .replace(/\b\d{2,}\b/g, '<number>');
}

/** Reduces an answer to what two clusters must have in common: members, types, and the texts that clients read. */
export function shapeOf(value: unknown, member = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => shapeOf(item, member));
  if (typeof value === 'object' && value !== null) {
    const kept = Object.entries(value).filter(([key]) => !NOT_SIMULATED.has(key));
    kept.sort(([left], [right]) => (left < right ? -1 : 1));
    return Object.fromEntries(kept.map(([key, inner]) => [key, shapeOf(inner, key)]));
  }
  if (!EXACT.test(member)) return typeof value;
  return typeof value === 'string' ? generic(value) : value;
}
