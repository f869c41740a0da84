import { inject, injectable } from '@dogwatch/core';
import type { HostedService } from '@dogwatch/core';
import { StoreFile } from './store-file.js';

/** Keeps the store open as long as the app runs. */
@injectable()
export class StoreService implements HostedService {
  readonly name = 'Store';

  constructor(@inject(StoreFile) private readonly file: StoreFile) {}

  start(): void {
    this.file.open();
  }

  stop(): void {
    this.file.close();
  }
}
