import type { ContractSuite } from '../contract-suite.js';
import type { ChannelAdapterSubject } from './channel-adapter-subject.js';
import { inboundCases } from './inbound-cases.js';
import { inertCases } from './inert-cases.js';
import { outboundCases } from './outbound-cases.js';

/**
 * Every promise of `ChannelAdapter`. Capabilities: `buttons` and `edits` as the adapter declares them, `people` where
 * several persons can write, `places` where there are rooms and threads besides the direct conversation.
 */
export const channelAdapterContract: ContractSuite<ChannelAdapterSubject> = {
  name: 'ChannelAdapter',
  cases: [...inboundCases, ...outboundCases, ...inertCases],
};
