import 'reflect-metadata';
import { container as globalContainer, injectable, Lifecycle } from 'tsyringe';
import { AppError } from '../errors/app-error.js';
import { describePort } from './define-port.js';
import type { AnyExtensionPoint, AnyPort, Port } from './define-port.js';

/** How one thing in the container comes to be. */
export type Source =
  | { readonly kind: 'class'; readonly key: symbol; readonly implementation: new (...parameters: never[]) => unknown }
  | { readonly kind: 'value'; readonly value: unknown };

/**
 * The one container of an app. It hands out ports only, so an unregistered class is never built silently; it is never disposed, since
 * the engine disposes without order: hosted services release what they hold.
 */
export class Container {
  // A child of its own, and never a child of it: what is registered globally is hidden by the wiring check, which knows this app's ports only.
  private readonly engine = globalContainer.createChildContainer();
  private readonly ports = new Set<symbol>();
  private readonly classes = new Set<symbol>();

  /** Binds a port; to be called once per port, since the engine would let the last one win silently: registerPlugins sees to that. */
  bind(port: AnyPort, source: Source): void {
    this.ports.add(port);
    if (source.kind === 'value') this.engine.register(port, { useValue: source.value });
    else this.engine.register(port, { useToken: this.addClass(source) });
  }

  /** Sets all contributions of an extension point, none included: the engine throws where it knows of none. */
  contribute(point: AnyExtensionPoint, sources: readonly Source[]): void {
    const built = sources.map((source) => (source.kind === 'class' ? this.addClass(source) : null));
    this.engine.register(point, {
      useFactory: (engine) =>
        Object.freeze(
          sources.map((source, index) => (source.kind === 'value' ? source.value : engine.resolve(built[index]!))),
        ),
    });
  }

  /** Builds a class, or answers the one object that was built of it before. */
  construct(source: Source): unknown {
    return source.kind === 'value' ? source.value : this.engine.resolve(source.key);
  }

  /** Answers what is bound to a port. */
  get<T>(port: Port<T>): T {
    if (!this.ports.has(port)) {
      throw new AppError(
        'DW_BOOT_PORT_MISSING',
        `Nothing binds ${describePort(port)}. Add a plugin that provides it to createApp.`,
      );
    }
    return this.engine.resolve(port);
  }

  private addClass(source: Source & { readonly kind: 'class' }): symbol {
    if (!this.classes.has(source.key)) {
      this.classes.add(source.key);
      // Here as well as at the class: without it the engine refuses a class whose parameters are all injected.
      injectable()(source.implementation);
      this.engine.register(source.key, { useClass: source.implementation }, { lifecycle: Lifecycle.Singleton });
    }
    return source.key;
  }
}
