import assert from 'node:assert/strict';
import { FakeSlack } from '@dogwatch/testkit';
import { webApi } from '@slack/bolt';
import { WebSocket } from 'undici';

const ROOM = 'C0ROOM0001';

describe('FakeSlack', () => {
  let slack: FakeSlack;

  beforeEach(async () => {
    slack = await FakeSlack.start({ acknowledgeWithinMs: 200 });
    slack.workspace.addChannel({ id: ROOM });
  });
  afterEach(() => slack.close());

  describe('by Socket Mode', () => {
    async function connect(): Promise<{ readonly socket: WebSocket; readonly messages: Record<string, unknown>[] }> {
      const { url } = await new webApi.WebClient(slack.appToken, { slackApiUrl: slack.apiUrl }).apps.connections.open(
        {},
      );
      const socket = new WebSocket(url ?? '');
      const messages: Record<string, unknown>[] = [];
      socket.addEventListener('message', ({ data }) =>
        messages.push(JSON.parse(String(data)) as Record<string, unknown>),
      );
      await new Promise((resolve) => socket.addEventListener('message', resolve, { once: true }));
      return { socket, messages };
    }

    it('greets, delivers envelopes and waits for their acknowledgements', async () => {
      const { socket, messages } = await connect();
      assert.equal(messages[0]?.['type'], 'hello');
      socket.addEventListener('message', ({ data }) => {
        const { envelope_id } = JSON.parse(String(data)) as { envelope_id: string };
        socket.send(JSON.stringify({ envelope_id, payload: { text: 'x'.repeat(70_000) } }));
      });
      const { status, body } = await slack.say({ user: 'U1', channel: ROOM, text: 'y'.repeat(3_000) });
      assert.equal(status, 200);
      assert.equal((body as { text: string }).text.length, 70_000);
      assert.equal(messages[1]?.['type'], 'events_api');
      socket.close();
      await slack.socket.until((hub) => hub.connections === 0);
    });

    it('counts what is not acknowledged in time as lost', async () => {
      const { socket } = await connect();
      assert.equal((await slack.say({ user: 'U1', channel: ROOM, text: '?' })).status, null);
      socket.close();
    });

    it('opens one connection for a ticket, and none without', async () => {
      const { url } = await new webApi.WebClient(slack.appToken, { slackApiUrl: slack.apiUrl }).apps.connections.open(
        {},
      );
      const failures: string[] = [];
      const open = (address: string) =>
        new Promise<void>((resolve) => {
          const socket = new WebSocket(address);
          socket.addEventListener('open', () => (socket.close(), resolve()), { once: true });
          socket.addEventListener('error', () => (failures.push(address), resolve()), { once: true });
        });
      await open(url ?? '');
      await open(url ?? '');
      await open((url ?? '').replace(/ticket=.*/, 'ticket=guessed'));
      assert.equal(failures.length, 2);
    });
  });
});
