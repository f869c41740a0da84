import { AppError } from '../errors/app-error.js';

declare const shape: unique symbol;
declare const kind: unique symbol;

/** Any port, whatever it carries: what lists such as `requires` and `provides` hold. */
export type AnyPort = symbol & { readonly [kind]: 'port' };

/** The typed token of a seam that has exactly one implementation in an app. */
export type Port<T> = AnyPort & { readonly [shape]: (value: T) => T };

/** Any extension point, whatever its contributions are. */
export type AnyExtensionPoint = symbol & { readonly [kind]: 'extension-point' };

/** The typed token of a seam that has any number of contributions, none included. */
export type ExtensionPoint<T> = AnyExtensionPoint & { readonly [shape]: (value: T) => T };

const portPrefix = 'dogwatch/port/';
const extensionPointPrefix = 'dogwatch/extension-point/';
const idPattern = /^[a-z][a-z0-9]*(-[a-z0-9]+)*\.[A-Z][A-Za-z0-9]*$/;

function token(prefix: string, id: string): symbol {
  if (!idPattern.test(id)) {
    throw new AppError(
      'DW_BOOT_PORT_ID_INVALID',
      `Port id '${id}' must look like 'package-name.PortName'. Use the name of the package that owns it and the name of its interface.`,
    );
  }
  // Symbol.for keeps the token the same when a program holds two copies of this package.
  return Symbol.for(prefix + id);
}

/** Defines the token of a port; give the constant the same name as the interface. The id looks like `core.IncidentLog`. */
export function definePort<T>(id: string): Port<T> {
  return token(portPrefix, id) as Port<T>;
}

/** Defines the token of an extension point; give the constant the same name as the interface. */
export function defineExtensionPoint<T>(id: string): ExtensionPoint<T> {
  return token(extensionPointPrefix, id) as ExtensionPoint<T>;
}

/** Says whether a value is a token made by `definePort`. */
export function isPort(value: unknown): value is AnyPort {
  return typeof value === 'symbol' && value.description?.startsWith(portPrefix) === true;
}

/** Says whether a value is a token made by `defineExtensionPoint`. */
export function isExtensionPoint(value: unknown): value is AnyExtensionPoint {
  return typeof value === 'symbol' && value.description?.startsWith(extensionPointPrefix) === true;
}

/** Answers the id of a port or extension point, for messages: `core.IncidentLog`. */
export function describePort(token: symbol): string {
  const description = token.description ?? '(unnamed symbol)';
  if (isPort(token)) return description.slice(portPrefix.length);
  if (isExtensionPoint(token)) return description.slice(extensionPointPrefix.length);
  return description;
}
