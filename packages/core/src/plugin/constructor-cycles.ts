import { describePort } from '../di/define-port.js';
import { ownInjections } from '../di/inject.js';
import { isClassRegistration } from './registrations.js';
import type { ClassRegistration, Registrations } from './registrations.js';

interface Need {
  readonly via: string;
  readonly target: ClassRegistration;
}

function needsOf(user: ClassRegistration, registrations: Registrations): readonly Need[] {
  return [...ownInjections(user.source.implementation).values()].flatMap((injection) => {
    const via = describePort(injection.token);
    const one = injection.kind === 'one' ? registrations.bindings.get(injection.token) : undefined;
    const each = injection.kind === 'each' ? registrations.contributions.get(injection.token) : undefined;
    return [...(one === undefined ? [] : [one]), ...(each ?? [])]
      .filter(isClassRegistration)
      .map((target) => ({ via, target }));
  });
}

/** Finds the classes that need themselves through ports or extension points; each path reads `A → x.Port (B) → x.Other (A)`. */
export function findConstructorCycles(
  classes: readonly ClassRegistration[],
  registrations: Registrations,
): readonly string[] {
  const cycles: string[] = [];
  const done = new Set<symbol>();
  const visit = (current: ClassRegistration, path: readonly Need[]): void => {
    const { key, implementation } = current.source;
    if (done.has(key)) return;
    const start = path.findIndex((step, index) => index < path.length - 1 && step.target.source.key === key);
    if (start >= 0) {
      const steps = path.slice(start + 1).map((step) => ` → ${step.via} (${step.target.source.implementation.name})`);
      cycles.push(implementation.name + steps.join(''));
      return;
    }
    for (const need of needsOf(current, registrations)) visit(need.target, [...path, need]);
    done.add(key);
  };
  for (const root of classes) visit(root, [{ via: '', target: root }]);
  return cycles;
}
