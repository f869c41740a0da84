import 'reflect-metadata';
import { inject as engineInject } from 'tsyringe';
import { AppError } from '../errors/app-error.js';
import { isExtensionPoint, isPort } from './define-port.js';
import type { AnyExtensionPoint, AnyPort, ExtensionPoint, Port } from './define-port.js';

export { injectable } from 'tsyringe';

// Parameters must be `any`: a constructor with narrower parameters is not assignable to one with `unknown`.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type AnyConstructor = abstract new (...parameters: any[]) => unknown;

/** A parameter decorator that compiles only where the parameter accepts what is injected. */
export type InjectDecorator<T> = <C extends AnyConstructor, I extends number>(
  target: C,
  key: undefined,
  index: T extends ConstructorParameters<C>[I] ? I : 'the injected port does not fit the type of this parameter',
) => void;

/** What one constructor parameter asks for. */
export type Injection =
  { readonly kind: 'one'; readonly token: AnyPort } | { readonly kind: 'each'; readonly token: AnyExtensionPoint };

// Keyed by the class itself, so what a parent class recorded is never mistaken for the subclass's own.
const injections = new WeakMap<object, Map<number, Injection>>();

function record(target: object, index: number, injection: Injection): void {
  const own = injections.get(target) ?? new Map<number, Injection>();
  own.set(index, injection);
  injections.set(target, own);
}

function refuseToken(decorator: string, expected: string, target: { readonly name: string }, token: unknown): never {
  throw new AppError(
    'DW_BOOT_TOKEN_INVALID',
    `@${decorator} in ${target.name} got '${String(token)}', which is not ${expected}. ` +
      `If it is undefined, two files import each other: move the port to a file of its own.`,
  );
}

/** Injects the one implementation of a port; a port that does not fit the parameter is a compile error. */
export function inject<T>(port: Port<T>): InjectDecorator<T> {
  return (target, key, index) => {
    if (!isPort(port)) refuseToken('inject', 'a port', target, port);
    record(target, index as number, { kind: 'one', token: port });
    engineInject(port)(target, key, index as number);
  };
}

/** Injects every contribution to an extension point, in the order of the plugins; an empty array when there is none. */
export function injectEach<T>(point: ExtensionPoint<T>): InjectDecorator<readonly T[]> {
  return (target, key, index) => {
    if (!isExtensionPoint(point)) refuseToken('injectEach', 'an extension point', target, point);
    record(target, index as number, { kind: 'each', token: point });
    engineInject(point)(target, key, index as number);
  };
}

/** Answers what a class itself recorded with `inject` and `injectEach`, by parameter index; nothing of its parents. */
export function ownInjections(target: object): ReadonlyMap<number, Injection> {
  return injections.get(target) ?? new Map<number, Injection>();
}
