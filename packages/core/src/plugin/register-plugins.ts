import { describePort } from '../di/define-port.js';
import type { AnyExtensionPoint, AnyPort } from '../di/define-port.js';
import type { BootOrder } from './boot-order.js';
import { BootProblems } from './boot-problems.js';
import type { Plugin } from './define-plugin.js';
import { PluginRegistrations } from './plugin-registrations.js';
import type { Registration, Registrations } from './registrations.js';

function addBindings(
  plugin: Plugin,
  own: PluginRegistrations,
  {
    bindings,
    owners,
    problems,
  }: { bindings: Map<AnyPort, Registration>; owners: BootOrder['owners']; problems: BootProblems },
): void {
  for (const [port, source] of own.bindings) {
    const name = describePort(port);
    const owner = owners.get(port);
    const other = bindings.get(port);
    if (owner === plugin) bindings.set(port, { plugin, source });
    else if (owner !== undefined && !plugin.provides.includes(port)) {
      problems.add(
        'DW_BOOT_PORT_NOT_OWNED',
        `Plugin '${plugin.id}' binds ${name}, which '${owner.id}' provides. To win over it, list the port in provides and replaces.`,
      );
    } else if (owner === undefined && other !== undefined) {
      problems.add(
        'DW_BOOT_PORT_BOUND_TWICE',
        `Plugins '${other.plugin.id}' and '${plugin.id}' both bind ${name}, and neither provides it. Keep a private port to one plugin.`,
      );
    } else if (owner === undefined) bindings.set(port, { plugin, source });
  }
  for (const port of plugin.provides.filter((provided) => !own.bindings.has(provided))) {
    problems.add(
      'DW_BOOT_PORT_NOT_BOUND',
      `Plugin '${plugin.id}' provides ${describePort(port)} but never binds it. Call bind in register.`,
    );
  }
}

function addContributions(
  plugin: Plugin,
  own: PluginRegistrations,
  { contributions, problems }: { contributions: Map<AnyExtensionPoint, Registration[]>; problems: BootProblems },
): void {
  for (const { point, source } of own.contributions) {
    const list = contributions.get(point) ?? [];
    if (
      source.kind === 'class' &&
      list.some((other) => other.source.kind === 'class' && other.source.key === source.key)
    ) {
      problems.add(
        'DW_BOOT_CONTRIBUTED_TWICE',
        `Plugin '${plugin.id}' contributes ${source.implementation.name} twice to ${describePort(point)}. Contribute it once.`,
      );
    } else contributions.set(point, [...list, { plugin, source }]);
  }
}

/** Calls `register` of every plugin in order, and keeps what counts; refuses ports bound by the wrong plugin, twice or not at all. */
export function registerPlugins({ plugins, owners }: BootOrder): Registrations {
  const problems = new BootProblems();
  const bindings = new Map<AnyPort, Registration>();
  const contributions = new Map<AnyExtensionPoint, Registration[]>();
  for (const plugin of plugins) {
    const own = new PluginRegistrations(plugin, problems);
    addBindings(plugin, own, { bindings, owners, problems });
    addContributions(plugin, own, { contributions, problems });
  }
  problems.throwIfAny();
  return { bindings, contributions };
}
