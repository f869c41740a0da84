import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { startConsoleServer } from './console-server.js';
import type { ConsoleServer } from './console-server.js';

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

describe('the page of the console', () => {
  let server: ConsoleServer;
  before(async () => {
    server = await startConsoleServer();
  });
  after(() => server.stop());

  it('is open to anybody, with headers that let nothing but its own files in', async () => {
    const answer = await server.get('/');
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-type'), 'text/html; charset=utf-8');
    assert.equal(answer.headers.get('content-security-policy'), policy);
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
    assert.equal(answer.headers.get('referrer-policy'), 'no-referrer');
  });

  it('refers only to files that are there, of the right type, each with the same headers', async () => {
    const page = await (await server.get('/')).text();
    const files = [...page.matchAll(/(?:href|src)="(\/[^"]*)"/g)].map((match) => match[1] as string);
    const types = { css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' };
    for (const file of ['/console/console.css', '/console/console.js', '/console/icon.svg']) {
      assert.ok(files.includes(file), file);
    }
    for (const file of files) {
      const answer = await server.get(file);
      assert.equal(answer.status, 200, file);
      assert.ok(answer.headers.get('content-type')?.includes(types[file.split('.').pop() as keyof typeof types]), file);
      assert.equal(answer.headers.get('content-security-policy'), policy, file);
    }
  });

  it('serves every module that another one imports', async () => {
    const folder = new URL('../dist/assets/', import.meta.url);
    const modules = (await readdir(folder)).filter((name) => name.endsWith('.js'));
    const imported = new Set<string>();
    for (const name of modules) {
      const text = await (await server.get(`/console/${name}`)).text();
      for (const match of text.matchAll(/from '\.\/([^']+)'/g)) imported.add(match[1] as string);
      assert.doesNotMatch(text, /from '[^.]/, name);
    }
    assert.ok(imported.size > 10);
    for (const name of imported) assert.ok(modules.includes(name), name);
  });

  it('is sent once: a browser that has the file already is told so', async () => {
    const first = await server.get('/console/console.css');
    const etag = first.headers.get('etag') as string;
    assert.equal(first.headers.get('cache-control'), 'no-cache');
    const again = await server.get('/console/console.css', { headers: { 'if-none-match': etag } });
    assert.equal(again.status, 304);
    assert.equal(await again.text(), '');
    const other = await server.get('/console/console.css', { headers: { 'if-none-match': '"other"' } });
    assert.equal(other.status, 200);
  });

  it('leads to no file outside of it, however the way is written', async () => {
    const ways = [
      '/console/..%2f..%2fpackage.json',
      '/console/%2e%2e%2f%2e%2e%2fpackage.json',
      '/console/..%5c..%5cpackage.json',
      '/console/package.json',
      '/console/.tsbuildinfo',
      '/console/console.d.ts',
      '/console/%00console.js',
      '/console/constructor',
      '/console/__proto__',
      '/console/',
    ];
    for (const way of ways) {
      const answer = await server.get(way);
      assert.equal(answer.status, 404, way);
      assert.ok(!(await answer.text()).includes('@dogwatch/channel-web'), way);
    }
  });
});
