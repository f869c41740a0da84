import { AppError } from '../errors/app-error.js';
import type { ErrorCode } from '../errors/error-codes.js';

/** The problems of one boot phase, so that all of them are told at once. */
export class BootProblems {
  private readonly problems: AppError[] = [];

  /** Notes a problem and goes on. */
  add(code: ErrorCode, message: string, cause?: unknown): void {
    this.problems.push(new AppError(code, message, cause === undefined ? {} : { cause }));
  }

  /** Notes an error that was caught; one that is no problem of the boot is wrapped by `orElse`. */
  addError(error: AppError): void {
    this.problems.push(error);
  }

  /** Throws the one problem as it is, or several as one `DW_BOOT_FAILED` that lists them. */
  throwIfAny(): void {
    const [first] = this.problems;
    if (first === undefined) return;
    if (this.problems.length === 1) throw first;
    const list = this.problems.map((problem) => `\n  ${problem.code}: ${problem.message}`).join('');
    throw new AppError('DW_BOOT_FAILED', `The app cannot boot, for ${this.problems.length} reasons:${list}`, {
      details: this.problems.map((problem) => ({ path: problem.code, message: problem.message })),
      cause: new AggregateError(this.problems, 'all boot problems'),
    });
  }
}
