import { ownInjections } from './inject.js';

// Only a constructor of the class itself matches, not `this.constructor(`; comments are cut off before.
const ownConstructor = /(^|[\s{};])constructor\s*\(/;
const comments = /\/\*[^]*?\*\/|\/\/[^\n]*/g;

function declaresConstructor(implementation: object): boolean {
  return ownConstructor.test(Function.prototype.toString.call(implementation).replace(comments, ''));
}

function inheritsParameters(implementation: object): boolean {
  const parent: unknown = Object.getPrototypeOf(implementation);
  if (typeof parent !== 'function' || parent === Function.prototype) return false;
  return (
    parent.length > 0 || ownInjections(parent).size > 0 || (!declaresConstructor(parent) && inheritsParameters(parent))
  );
}

/**
 * Tells what a class forgot to inject, or null. The engine would hand in `undefined` silently: for a parameter without `@inject`,
 * and for every parameter of a subclass that has no constructor of its own.
 */
export function findMissingInjections(implementation: new (...parameters: never[]) => unknown): string | null {
  const own = ownInjections(implementation);
  const missing: number[] = [];
  for (let index = 0; index < implementation.length; index++) if (!own.has(index)) missing.push(index);
  if (missing.length > 0) {
    return `forgets @inject on constructor parameter ${missing.map((index) => `#${index + 1}`).join(', ')}`;
  }
  if (own.size === 0 && !declaresConstructor(implementation) && inheritsParameters(implementation)) {
    return 'inherits the constructor of its parent, whose @inject does not count for it: declare the constructor again';
  }
  return null;
}
