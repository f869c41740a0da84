import type { ExtensionPoint, Port } from '../di/define-port.js';

/** A class that can be built with `new`. */
// Parameters must be `any`: a constructor with narrower parameters is not assignable to one with `unknown`.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Constructor<T> = new (...parameters: any[]) => T;

/** Says what implements a port. */
export interface PortBinding<T> {
  /** Builds the class once per plugin and app; a class bound and contributed several times is still one object. */
  toClass(implementation: Constructor<T>): void;
  toValue(value: T): void;
}

/** Says what is added to an extension point. */
export interface Contribution<T> {
  /** Builds the class once per plugin and app; a class bound and contributed several times is still one object. */
  class(implementation: Constructor<T>): void;
  value(value: T): void;
}

/** What a plugin registers with: it can bind and contribute, and cannot resolve anything. */
export interface Registrar {
  /** Binds a port that the plugin lists in `provides`, or one of its own that nobody else sees. */
  readonly bind: <T>(port: Port<T>) => PortBinding<T>;
  /** Adds to an extension point; needs no declaration. */
  readonly contribute: <T>(point: ExtensionPoint<T>) => Contribution<T>;
}
