import { createHash, createHmac } from 'node:crypto';
import { AppError, constantTimeEqual } from '@dogwatch/core';
import type { Clock, HttpRequest, Secret } from '@dogwatch/core';
import { MAX_REQUEST_AGE_SECONDS } from './slack-limits.js';

/** Why a request is refused. */
export type RefusalReason = 'unsigned' | 'signature' | 'timestamp' | 'replay';

const explanations: Readonly<Record<RefusalReason, string>> = {
  unsigned: 'The request carries no signature of Slack.',
  signature: 'The signature of the request is wrong. Compare SLACK_SIGNING_SECRET with the Signing Secret of the app.',
  timestamp: `The request was signed more than ${MAX_REQUEST_AGE_SECONDS / 60} minutes from now. Check this machine's clock.`,
  replay: 'The very same request was taken before.',
};

/** A refused request; the reason is for the log. */
export class RefusedRequest extends Error {
  constructor(readonly reason: RefusalReason) {
    super(explanations[reason]);
  }

  toAppError(): AppError {
    return new AppError('DW_SLACK_UNAUTHENTICATED', this.message, { cause: this });
  }
}

/** A request that was let in, and is forgotten again when it could not be taken. */
export interface AdmittedRequest {
  /** The same for a copy of this request, and for no redelivery by Slack, which is signed anew. */
  readonly deliveryId: string;
  forget(): void;
}

/**
 * Lets in what Slack signed within five minutes, once: a redelivery by Slack is signed anew. One within the same second has the same
 * signature, though, and says that it is one; whoever takes it knows the message by its id. The signature is compared in constant
 * time, over the raw body.
 */
export class RequestGuard {
  /** Signatures that were taken, with the moment from which their timestamp is too old anyhow; in order of their coming. */
  private readonly taken = new Map<string, number>();

  constructor(
    private readonly secret: Secret,
    private readonly clock: Clock,
  ) {}

  /** Throws `RefusedRequest`. */
  admit({ headers, rawBody }: Pick<HttpRequest, 'headers' | 'rawBody'>): AdmittedRequest {
    const signature = headers['x-slack-signature'];
    const timestamp = headers['x-slack-request-timestamp'];
    if (signature === undefined || timestamp === undefined || !/^\d{1,12}$/.test(timestamp)) {
      throw new RefusedRequest('unsigned');
    }
    if (!constantTimeEqual(signature, this.sign(timestamp, rawBody))) throw new RefusedRequest('signature');
    const now = this.clock.now();
    const signedAt = Number(timestamp) * 1_000;
    if (Math.abs(now - signedAt) > MAX_REQUEST_AGE_SECONDS * 1_000) throw new RefusedRequest('timestamp');
    this.forgetOld(now);
    if (this.taken.has(signature) && !isRedelivery(headers)) throw new RefusedRequest('replay');
    this.taken.set(signature, now + 2 * MAX_REQUEST_AGE_SECONDS * 1_000);
    return {
      deliveryId: createHash('sha256').update(signature).digest('hex').slice(0, 40),
      forget: () => void this.taken.delete(signature),
    };
  }

  private sign(timestamp: string, rawBody: Uint8Array): string {
    return `v0=${createHmac('sha256', this.secret.reveal()).update(`v0:${timestamp}:`).update(rawBody).digest('hex')}`;
  }

  private forgetOld(now: number): void {
    for (const [signature, until] of this.taken) {
      if (until > now) return;
      this.taken.delete(signature);
    }
  }
}

/** Whether Slack says that it delivers again. The header is not signed: it may lead to nothing but a second look at what is known by its id. */
export function isRedelivery(headers: HttpRequest['headers']): boolean {
  return /^[1-9]\d?$/.test(headers['x-slack-retry-num'] ?? '');
}
