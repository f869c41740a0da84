import type { ApprovalStore } from '@dogwatch/core';

/** What the contract of `ApprovalStore` is run on. */
export interface ApprovalStoreSubject {
  /** A store without copies and claims. */
  readonly store: ApprovalStore;
  /** Another replica's store on the same copies; needed for the capability `shared`. */
  readonly other?: ApprovalStore;
  /** Lets time go on, as the store sees it; a store may move the ends of what it keeps instead of its clock. */
  pass(ms: number): Promise<void> | void;
}
