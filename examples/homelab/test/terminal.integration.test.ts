import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { needsProgram } from '@dogwatch/testkit';
import { AppOnTerminal } from './app-on-terminal.js';

describe('the demo on a terminal', function () {
  this.timeout(300_000);
  needsProgram({ name: 'script', install: 'sudo apt-get install bsdutils' }, process, (script) => {
    it('shows an incident, asks with a diff, and does what is typed', async () => {
      const folder = await mkdtemp(path.join(tmpdir(), 'dogwatch-terminal-'));
      const demo = new AppOnTerminal(script, folder);
      try {
        await demo.shows(/http:\/\/127\.0\.0\.1:\d+/);
        await demo.shows(/CrashLoopBackOff|keeps crashing|crash/i);
        const [, approve] = await demo.shows(/Type: (approve [2-9a-z]{6})/);
        await demo.shows(/│ \+.*restartedAt/);
        demo.type('/status');
        await demo.shows(/Waiting for approval: 1/);
        demo.type(approve as string);
        await demo.shows(/Approved [2-9a-z]{6}: Restart Deployment shop\/cart/);
        await demo.shows(/Done: Restart Deployment shop\/cart/);
        assert.equal(await demo.leave(), 0);
      } finally {
        demo.end();
        await rm(folder, { recursive: true, force: true });
      }
    });
  });
});
