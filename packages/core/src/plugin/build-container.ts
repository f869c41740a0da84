import { Container } from '../di/container.js';
import type { AnyExtensionPoint } from '../di/define-port.js';
import { ownInjections } from '../di/inject.js';
import { AppError } from '../errors/app-error.js';
import { listClasses } from './registrations.js';
import type { Registrations } from './registrations.js';

/** Fills the container of an app and builds every class, so that a constructor that throws stops the boot and not the first request. */
export function buildContainer(registrations: Registrations): Container {
  const container = new Container();
  const classes = listClasses(registrations);
  for (const [port, { source }] of registrations.bindings) container.bind(port, source);
  const points = new Set<AnyExtensionPoint>(registrations.contributions.keys());
  for (const { source } of classes) {
    for (const { kind, token } of ownInjections(source.implementation).values()) if (kind === 'each') points.add(token);
  }
  for (const point of points) {
    const sources = (registrations.contributions.get(point) ?? []).map((registration) => registration.source);
    container.contribute(point, sources);
  }
  for (const { plugin, source } of classes) {
    try {
      container.construct(source);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new AppError(
        'DW_BOOT_CONSTRUCT_FAILED',
        `${source.implementation.name} in '${plugin.id}' could not be built: ${reason}`,
        { cause },
      );
    }
  }
  return container;
}
