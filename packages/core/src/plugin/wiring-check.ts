import { describePort } from '../di/define-port.js';
import type { AnyPort } from '../di/define-port.js';
import { ownInjections } from '../di/inject.js';
import { findMissingInjections } from '../di/missing-injections.js';
import type { BootOrder } from './boot-order.js';
import { BootProblems } from './boot-problems.js';
import { findConstructorCycles } from './constructor-cycles.js';
import { listClasses } from './registrations.js';
import type { ClassRegistration, Registrations } from './registrations.js';

const nameClass = ({ source, plugin }: ClassRegistration): string => `${source.implementation.name} in '${plugin.id}'`;

function checkInjection(user: ClassRegistration, port: AnyPort, context: WiringContext): void {
  const { registrations, owners, problems } = context;
  const binding = registrations.bindings.get(port);
  const name = describePort(port);
  if (binding === undefined) {
    problems.add(
      'DW_BOOT_PORT_UNBOUND',
      `${nameClass(user)} injects ${name}, which nothing binds. Add a plugin that provides it to createApp.`,
    );
  } else if (binding.plugin !== user.plugin && !owners.has(port)) {
    problems.add(
      'DW_BOOT_PORT_UNDECLARED',
      `${nameClass(user)} injects ${name}, which is private to '${binding.plugin.id}'. Let '${binding.plugin.id}' list it in provides.`,
    );
  } else if (
    binding.plugin !== user.plugin &&
    !user.plugin.requires.includes(port) &&
    !user.plugin.provides.includes(port)
  ) {
    problems.add(
      'DW_BOOT_PORT_UNDECLARED',
      `${nameClass(user)} injects ${name} of '${binding.plugin.id}' without declaring it. Add it to requires of '${user.plugin.id}'.`,
    );
  }
}

interface WiringContext {
  readonly registrations: Registrations;
  readonly owners: BootOrder['owners'];
  readonly problems: BootProblems;
}

/**
 * Checks, before anything is built, that every class can be built as its author meant it: every parameter injected, every injected port
 * bound and declared, and no class that needs itself.
 */
export function checkWiring(registrations: Registrations, { owners }: BootOrder): void {
  const problems = new BootProblems();
  const classes = listClasses(registrations);
  for (const user of classes) {
    const missing = findMissingInjections(user.source.implementation);
    if (missing !== null) problems.add('DW_BOOT_INJECT_MISSING', `${nameClass(user)} ${missing}.`);
    for (const { kind, token } of ownInjections(user.source.implementation).values()) {
      if (kind === 'one') checkInjection(user, token, { registrations, owners, problems });
    }
  }
  for (const path of findConstructorCycles(classes, registrations)) {
    problems.add(
      'DW_BOOT_CLASS_CYCLE',
      `Classes need each other to be built: ${path}. Give one of them what it needs later, by a call.`,
    );
  }
  problems.throwIfAny();
}
