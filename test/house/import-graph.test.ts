import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './lint-snippet.js';

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

const graphModule = pathToFileURL(path.join(root, 'build/house/package-graph.js')).href;
const { packageGraph: graph, dynamicImporters } = (await import(graphModule)) as {
  dynamicImporters: readonly string[];
  packageGraph: Readonly<Record<string, readonly string[]>>;
};
const cruiser = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');

function violationsOf(files: Record<string, string>): string[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'import-graph-'));
  try {
    cpSync(path.join(root, 'tsconfig.base.json'), path.join(folder, 'tsconfig.base.json'));
    mkdirSync(path.join(folder, 'packages'));
    for (const [name, code] of Object.entries(files)) writeFileSync(path.join(folder, 'packages', name), code);
    const config = path.join(root, '.dependency-cruiser.mjs');
    const run = spawnSync(process.execPath, [cruiser, '--config', config, '--output-type', 'json', 'packages'], {
      cwd: folder,
      encoding: 'utf8',
    });
    const { summary } = JSON.parse(run.stdout) as { summary: { violations: Violation[] } };
    return summary.violations.map(({ from, rule }) => `${rule.name}: ${from}`).sort();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Manifest {
  readonly dependencies?: Record<string, string>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly peerDependencies?: Record<string, string>;
}

function siblingsIn(section: Record<string, string> | undefined): string[] {
  const names = Object.keys(section ?? {}).filter((name) => name.startsWith('@dogwatch/'));
  return names.map((name) => name.slice('@dogwatch/'.length));
}

describe('the import graph', () => {
  it('refuses a cycle of files (no-cycle)', () => {
    const violations = violationsOf({
      'a.ts': "import { b } from './b.js';\nexport const a = (): unknown => b;\n",
      'b.ts': "import { c } from './c.js';\nexport const b = (): unknown => c;\n",
      'c.ts': "import { a } from './a.js';\nexport const c = (): unknown => a;\n",
    });
    assert.deepEqual(violations, ['no-cycle: packages/a.ts']);
  });

  it('refuses a cycle of types alone (no-cycle)', () => {
    const violations = violationsOf({
      'a.ts': "import type { B } from './b.js';\nexport interface A { b: B }\n",
      'b.ts': "import type { A } from './a.js';\nexport interface B { a: A }\n",
    });
    assert.deepEqual(violations, ['no-cycle: packages/a.ts']);
  });

  it('refuses an import that leads nowhere (not-resolvable)', () => {
    const violations = violationsOf({ 'a.ts': "import { b } from './b.js';\nexport const a = b;\n" });
    assert.deepEqual(violations, ['not-resolvable: packages/a.ts']);
  });

  it('allows files that import each other in one direction', () => {
    const violations = violationsOf({
      'a.ts': "import { b } from './b.js';\nexport const a = b;\n",
      'b.ts': 'export const b = 1;\n',
    });
    assert.deepEqual(violations, []);
  });
});

describe('the package graph', () => {
  it('has no cycle', () => {
    const visit = (name: string, trail: readonly string[]): void => {
      assert.ok(!trail.includes(name), [...trail, name].join(' → '));
      for (const next of graph[name] ?? []) visit(next, [...trail, name]);
    };
    for (const name of Object.keys(graph)) visit(name, []);
  });

  for (const name of readdirSync(path.join(root, 'packages'))) {
    it(`is what the package.json of ${name} declares: siblings as peers only`, () => {
      const manifest = JSON.parse(readFileSync(path.join(root, 'packages', name, 'package.json'), 'utf8')) as Manifest;
      // What is found at run time may be missing: an optional peer is no edge of the graph.
      const isOptional = (peer: string): boolean =>
        manifest.peerDependenciesMeta?.[`@dogwatch/${peer}`]?.optional === true;
      const peers = siblingsIn(manifest.peerDependencies);
      const hasOptional = dynamicImporters.includes(name);
      assert.deepEqual(hasOptional ? peers.filter((peer) => !isOptional(peer)) : peers, graph[name]);
      assert.deepEqual(siblingsIn(manifest.dependencies), []);
    });
  }
});
