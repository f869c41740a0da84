import { channelAdapterContract, runContract } from '@dogwatch/testkit';
import type { ChannelAdapterSubject, ContractHarness } from '@dogwatch/testkit';
import { slackHuman, startSlackRig } from './slack-rig.js';
import type { RigMode, SlackRig } from './slack-rig.js';

interface SlackSubject extends ChannelAdapterSubject {
  readonly rig: SlackRig;
}

function harnessOf(mode: RigMode): ContractHarness<ChannelAdapterSubject> {
  return {
    create: async () => {
      const rig = await startSlackRig(mode, { acknowledgeWithinMs: 500 });
      return { rig, adapter: rig.channel, human: slackHuman(rig) } as SlackSubject;
    },
    destroy: (subject) => (subject as SlackSubject).rig.close(),
    capabilities: ['buttons', 'edits', 'people', 'places'],
  };
}

runContract(channelAdapterContract, 'SlackChannel over HTTP', { harness: harnessOf('http') });
runContract(channelAdapterContract, 'SlackChannel by Socket Mode', { harness: harnessOf('socket') });
