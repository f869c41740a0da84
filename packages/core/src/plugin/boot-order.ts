import { describePort } from '../di/define-port.js';
import type { AnyPort } from '../di/define-port.js';
import { BootProblems } from './boot-problems.js';
import type { Plugin } from './define-plugin.js';

/** The plugins in the order of their boot, and who owns which public port. */
export interface BootOrder {
  readonly plugins: readonly Plugin[];
  readonly owners: ReadonlyMap<AnyPort, Plugin>;
}

const quoteIds = (plugins: readonly Plugin[]): string => plugins.map((plugin) => `'${plugin.id}'`).join(' and ');

function refuseDuplicates(plugins: readonly Plugin[]): void {
  const problems = new BootProblems();
  const seen = new Set<string>();
  for (const { id } of plugins) {
    if (seen.has(id))
      problems.add('DW_BOOT_PLUGIN_DUPLICATE', `Plugin '${id}' is installed twice. List it once in createApp.`);
    seen.add(id);
  }
  problems.throwIfAny();
}

function chooseOwner(port: AnyPort, claimants: readonly Plugin[], problems: BootProblems): Plugin | undefined {
  if (claimants.length === 1) return claimants[0];
  const replacers = claimants.filter((plugin) => plugin.replaces.includes(port));
  if (replacers.length === 1) return replacers[0];
  const name = describePort(port);
  problems.add(
    'DW_BOOT_PORT_PROVIDED_TWICE',
    replacers.length === 0
      ? `${name} is provided by ${quoteIds(claimants)}. Remove all but one, or let one of them list it in replaces.`
      : `${name} is replaced by ${quoteIds(replacers)}. Only one of them can win: remove the others.`,
  );
  return claimants[0];
}

function assignOwners(plugins: readonly Plugin[], problems: BootProblems): Map<AnyPort, Plugin> {
  const claims = new Map<AnyPort, Plugin[]>();
  for (const plugin of plugins) {
    for (const port of new Set(plugin.provides)) claims.set(port, [...(claims.get(port) ?? []), plugin]);
    for (const port of plugin.replaces.filter((replaced) => !plugin.provides.includes(replaced))) {
      problems.add(
        'DW_BOOT_REPLACES_NOT_PROVIDED',
        `Plugin '${plugin.id}' replaces ${describePort(port)} without providing it. List it in provides as well.`,
      );
    }
  }
  const owners = new Map<AnyPort, Plugin>();
  for (const [port, claimants] of claims) {
    const owner = chooseOwner(port, claimants, problems);
    if (owner !== undefined) owners.set(port, owner);
  }
  return owners;
}

function refuseMissing(plugins: readonly Plugin[], owners: ReadonlyMap<AnyPort, Plugin>, problems: BootProblems): void {
  for (const plugin of plugins) {
    for (const port of plugin.requires.filter((required) => !owners.has(required))) {
      problems.add(
        'DW_BOOT_PORT_MISSING',
        `Plugin '${plugin.id}' needs ${describePort(port)}, but no installed plugin provides it. Add one that does to createApp.`,
      );
    }
  }
}

function sortByRequires(plugins: readonly Plugin[], owners: ReadonlyMap<AnyPort, Plugin>): Plugin[] {
  const problems = new BootProblems();
  const sorted: Plugin[] = [];
  const done = new Set<Plugin>();
  const visit = (plugin: Plugin, path: readonly { readonly plugin: Plugin; readonly via: string }[]): void => {
    if (done.has(plugin)) return;
    const start = path.findIndex((step) => step.plugin === plugin);
    if (start >= 0) {
      const steps = path.slice(start).map((step) => `'${step.plugin.id}' → ${step.via} of `);
      problems.add(
        'DW_BOOT_PLUGIN_CYCLE',
        `Plugins require each other: ${steps.join('')}'${plugin.id}'. Move one of the ports to a plugin of its own.`,
      );
      return;
    }
    for (const port of plugin.requires) {
      const owner = owners.get(port);
      if (owner !== undefined && owner !== plugin) visit(owner, [...path, { plugin, via: describePort(port) }]);
    }
    if (done.has(plugin)) return;
    done.add(plugin);
    sorted.push(plugin);
  };
  for (const plugin of plugins) visit(plugin, []);
  problems.throwIfAny();
  return sorted;
}

/** Refuses duplicate plugins, ports without or with two owners and cycles; orders the rest by `requires`, else as listed. */
export function orderPlugins(plugins: readonly Plugin[]): BootOrder {
  refuseDuplicates(plugins);
  const problems = new BootProblems();
  const owners = assignOwners(plugins, problems);
  refuseMissing(plugins, owners, problems);
  problems.throwIfAny();
  return { plugins: sortByRequires(plugins, owners), owners };
}
