import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { HomelabProcess } from './homelab-process.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const methods = ['get', 'post', 'put', 'patch', 'delete'];

/** Every operation of docs/openapi.yaml as `GET /api/incidents/:id`. */
async function describedOperations(): Promise<string[]> {
  const document = parse(await readFile(path.join(root, 'docs/openapi.yaml'), 'utf8')) as {
    paths: Record<string, Record<string, unknown>>;
  };
  return Object.entries(document.paths).flatMap(([address, operations]) =>
    Object.keys(operations)
      .filter((name) => methods.includes(name))
      .map((method) => `${method.toUpperCase()} ${address.replace(/\{(\w+)\}/g, ':$1')}`),
  );
}

/** Every address that a route of the packages names. */
async function addressesInCode(): Promise<Set<string>> {
  const found = new Set<string>();
  for (const name of ['core', 'aiops', 'channel-web']) {
    const folder = path.join(root, 'packages', name, 'src');
    for (const file of await readdir(folder, { recursive: true })) {
      if (!file.endsWith('.ts') || file.startsWith('browser')) continue;
      const text = await readFile(path.join(folder, file), 'utf8');
      for (const [, address] of text.matchAll(/path(?:: | = )'(\/(?:api|health|ready|metrics)[^']*)'/g)) {
        found.add(address as string);
      }
    }
  }
  return found;
}

describe('docs/openapi.yaml', function () {
  this.timeout(120_000);

  it('describes every address that the code answers', async () => {
    const described = new Set((await describedOperations()).map((operation) => operation.split(' ')[1]));
    const inCode = await addressesInCode();
    assert.ok(inCode.size >= 10, [...inCode].join(', '));
    assert.deepEqual(
      [...inCode].filter((address) => !described.has(address)),
      [],
    );
  });

  it('describes nothing that the running app does not answer', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'dogwatch-openapi-'));
    const app = await HomelabProcess.start({ dataFolder: folder });
    try {
      const missing: string[] = [];
      for (const operation of await describedOperations()) {
        const [method, address] = operation.split(' ') as [string, string];
        // Without a token: what exists asks for one, or answers; what does not exist is not found, or takes no such method.
        const response = await fetch(`${app.baseUrl}${address.replace(/:\w+/g, 'zzzzzz')}`, { method });
        await response.body?.cancel();
        if (response.status === 404 || response.status === 405) missing.push(operation);
      }
      assert.deepEqual(missing, []);
    } finally {
      await app.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
