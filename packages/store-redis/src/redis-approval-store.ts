import { inject, injectable } from '@dogwatch/core';
import type { ApprovalClaim, ApprovalCopy, ApprovalStore } from '@dogwatch/core';
import { RedisConnections } from './redis-connections.js';
import { askRedis } from './redis-error.js';
import { RedisScript } from './redis-script.js';

const put = new RedisScript(
  'dogwatchPutApproval',
  1,
  `redis.call('HSET', KEYS[1], 'stream', ARGV[1], 'approval', ARGV[2])
  return redis.call('PEXPIRE', KEYS[1], ARGV[3])`,
);

const claim = new RedisScript(
  'dogwatchClaimApproval',
  1,
  `local holder = redis.call('GET', KEYS[1])
  if holder and holder ~= ARGV[1] then return 0 end
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  return 1`,
);

const release = new RedisScript(
  'dogwatchReleaseApproval',
  1,
  `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
  return redis.call('DEL', KEYS[1])`,
);

const copyKey = (approvalId: string): string => `approval:{${approvalId}}`;
const claimKey = (approvalId: string): string => `approval:{${approvalId}}:claim`;

/** Copies of pending approvals on Redis, and the claims of those who decide them. */
@injectable()
export class RedisApprovalStore implements ApprovalStore {
  constructor(@inject(RedisConnections) private readonly connections: RedisConnections) {}

  async put({ stream, approval }: ApprovalCopy, ttlMs: number): Promise<void> {
    const parameters = [copyKey(approval.id), stream, JSON.stringify(approval), Math.max(1, Math.floor(ttlMs))];
    await this.ask(() => put.run(this.connections.requests, ...parameters));
  }

  async find(approvalId: string): Promise<ApprovalCopy | null> {
    const [stream, approval] = await this.ask(() =>
      this.connections.requests.hmget(copyKey(approvalId), 'stream', 'approval'),
    );
    if (typeof stream !== 'string' || typeof approval !== 'string') return null;
    return { stream, approval: JSON.parse(approval) as ApprovalCopy['approval'] };
  }

  async claim({ approvalId, holder, ttlMs }: ApprovalClaim): Promise<boolean> {
    return (await this.ask(() => claim.run(this.connections.requests, claimKey(approvalId), holder, ttlMs))) === 1;
  }

  async release(approvalId: string, holder: string): Promise<void> {
    await this.ask(() => release.run(this.connections.requests, claimKey(approvalId), holder));
  }

  async remove(approvalId: string): Promise<void> {
    await this.ask(() => this.connections.requests.del(copyKey(approvalId), claimKey(approvalId)));
  }

  private ask<T>(question: () => Promise<T>): Promise<T> {
    return askRedis('DW_APPROVAL_STORE_UNAVAILABLE', question);
  }
}
