export { verifyLog } from './audit/verify-log.js';
export type { AuditReport, BrokenStream } from './audit/verify-log.js';
export { runCli } from './run-cli.js';
export type { CliSurroundings } from './run-cli.js';
export { exportLog } from './transfer/export-log.js';
export { importLog } from './transfer/import-log.js';
export type { TransferCount } from './transfer/transfer-line.js';
