import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseContainerScript, type ContainerScript } from '../../dist/simulated-cluster/container-script.js';

function shell(script: string, image = 'busybox:1.36'): ContainerScript {
  return parseContainerScript({ name: 'main', image, command: ['sh', '-c', script] });
}

describe('parseContainerScript', () => {
  for (const [script, ending, exitCode] of [
    ['exit 3', 'exit', 3],
    ['echo a; exit 0', 'exit', 0],
    ['sleep 5 && exit 7', 'exit', 7],
    ['false', 'exit', 1],
    ['echo done', 'exit', 0],
    ['sleep 2', 'exit', 0],
    ['tail /dev/zero', 'oom', 137],
    ['sleep infinity', 'never', 0],
    ['while true; do echo tick; sleep 1; done', 'never', 0],
    ['while true; do sleep 1; exit 4; done', 'exit', 4],
    ['touch /tmp/ready; httpd -f -p 8080', 'never', 0],
    ['export A=1; B=2; cd /; exit 9', 'exit', 9],
  ] as const) {
    it(`reads '${script}' as ${ending} with ${exitCode}`, () => {
      const read = shell(script);
      assert.deepEqual([read.ending, read.exitCode], [ending, exitCode]);
    });
  }

  it('runs for ever without a command, and misses an image that says so', () => {
    assert.equal(parseContainerScript({ name: 'main', image: 'nginx' }).ending, 'never');
    assert.equal(parseContainerScript({ name: 'main', image: 'nginx' }).isImageMissing, false);
    assert.equal(parseContainerScript({ name: 'main', image: 'example/missing:1' }).isImageMissing, true);
  });

  it('prints what is echoed, at the time the script gets there', () => {
    const { lines, endsAfterMs } = shell('echo one; sleep 2; echo "two three" >&2; exit 1');
    assert.deepEqual(lines, [
      { atMs: 0, text: 'one' },
      { atMs: 2000, text: 'two three' },
    ]);
    assert.ok(endsAfterMs >= 2000);
  });

  it('turns ready as the marker and the probe say', () => {
    const container = { name: 'main', image: 'a' };
    assert.equal(parseContainerScript(container).readyAfterMs, 0);
    assert.equal(parseContainerScript({ ...container, readinessProbe: { initialDelaySeconds: 5 } }).readyAfterMs, 6000);
    const env = [{ name: 'SIMULATED_READY_AFTER', value: 'never' }];
    assert.equal(parseContainerScript({ ...container, env }).readyAfterMs, null);
  });

  it('understands any text as some script, the same one each time', () => {
    fc.assert(
      fc.property(fc.string(), (script) => {
        const read = shell(script);
        assert.deepEqual(shell(script), read);
        assert.ok(Number.isFinite(read.endsAfterMs) && read.exitCode >= 0 && read.exitCode <= 255);
      }),
    );
  });
});
