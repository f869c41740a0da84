import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';

const root = new URL('../', import.meta.url);

async function filesIn(folder: string, extension: string): Promise<readonly (readonly [string, string])[]> {
  const url = new URL(folder, root);
  const names = (await readdir(url)).filter((name) => name.endsWith(extension));
  return Promise.all(names.map(async (name) => [name, await readFile(new URL(name, url), 'utf8')] as const));
}

describe('the source of the page', () => {
  it('has no way to turn text into markup or code', async () => {
    const ways =
      /innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|parseFromString|document\.write|setHTML|srcdoc|\beval\b|new Function|javascript:|import\(/i;
    const sources = await filesIn('src/browser/', '.ts');
    assert.ok(sources.length > 10);
    for (const [name, text] of sources) assert.doesNotMatch(text, ways, name);
  });

  it('makes elements and attributes in one place alone', async () => {
    for (const [name, text] of await filesIn('src/browser/', '.ts')) {
      if (name !== 'element.ts') assert.doesNotMatch(text, /createElement|createTextNode/, name);
    }
  });

  it('has no script or style within the page', async () => {
    const [page] = await filesIn('assets/', '.html');
    const text = (page as readonly [string, string])[1];
    assert.doesNotMatch(text, /\son\w+=|\sstyle=|<style|<script(?![^>]*\ssrc=)/);
  });

  it('stays small', async () => {
    const scripts = await filesIn('dist/assets/', '.js');
    const styles = await filesIn('assets/', '.css');
    const bytes = [...scripts, ...styles].reduce((sum, [, text]) => sum + Buffer.byteLength(text), 0);
    assert.ok(bytes < 72 * 1024);
  });
});
