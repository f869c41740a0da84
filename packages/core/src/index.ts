export { defineExtensionPoint, definePort, describePort, isExtensionPoint, isPort } from './di/define-port.js';
export type { AnyExtensionPoint, AnyPort, ExtensionPoint, Port } from './di/define-port.js';
export { inject, injectable, injectEach } from './di/inject.js';
export type { InjectDecorator } from './di/inject.js';
export { AppError, isAppError } from './errors/app-error.js';
export type { AppErrorOptions, ErrorDetail } from './errors/app-error.js';
export { describeErrorCode, errorCodes } from './errors/error-codes.js';
export type { ErrorCode, ErrorCodeEntry } from './errors/error-codes.js';
