import assert from 'node:assert/strict';
import { lintSnippet, lintTypedSnippet } from './lint-snippet.js';

interface Refusal {
  readonly rule: string;
  readonly refuses: string;
  readonly file: string;
  readonly code: string;
}

const aiops = 'packages/aiops/src/sample.ts';
const core = 'packages/core/src/sample.ts';
const coreTest = 'packages/core/test/sample.test.ts';
const use = (name: string): string => `import { x } from '${name}';\nexport { x };\n`;
const lines = (count: number): string => Array.from({ length: count }, (_, i) => `sum(${i});`).join('\n');

const refusals: readonly Refusal[] = [
  { rule: 'house/package-graph', refuses: 'a sibling in core', file: core, code: use('@dogwatch/aiops') },
  { rule: 'house/package-graph', refuses: 'kubernetes in aiops', file: aiops, code: use('@dogwatch/kubernetes') },
  { rule: 'house/package-graph', refuses: 'the testkit in shipped code', file: aiops, code: use('@dogwatch/testkit') },
  {
    rule: 'house/package-graph',
    refuses: 'a sibling by dynamic import',
    file: aiops,
    code: `export const x = (): Promise<unknown> => import('@dogwatch/mcp');\n`,
  },
  {
    rule: 'house/package-graph',
    refuses: 'a sibling by a type import',
    file: aiops,
    code: `import type { X } from '@dogwatch/kubernetes';\nexport type { X };\n`,
  },
  {
    rule: 'house/package-graph',
    refuses: 'a sibling by re-export',
    file: aiops,
    code: `export { x } from '@dogwatch/kubernetes';\n`,
  },
  {
    rule: 'house/package-graph',
    refuses: 'aiops in the tests of kubernetes',
    file: 'packages/kubernetes/test/sample.test.ts',
    code: use('@dogwatch/aiops'),
  },
  { rule: 'house/no-deep-import', refuses: 'a dist path', file: aiops, code: use('@dogwatch/core/dist/index.js') },
  { rule: 'house/no-deep-import', refuses: 'a src path', file: coreTest, code: use('@dogwatch/testkit/src/index.js') },
  { rule: 'house/no-deep-import', refuses: 'a relative sibling', file: aiops, code: use('../../core/src/index.js') },
  { rule: 'house/no-deep-import', refuses: 'src in a test', file: coreTest, code: use('../src/index.js') },
  {
    rule: 'house/no-deep-import',
    refuses: 'a path from an example into a package',
    file: 'examples/homelab/sample.ts',
    code: use('../../packages/core/dist/index.js'),
  },
  {
    rule: 'house/no-deep-import',
    refuses: 'a path from the build folder into a package',
    file: 'build/sample.js',
    code: use('../packages/core/dist/index.js'),
  },
  { rule: 'house/vendor-owner', refuses: 'tsyringe outside di', file: core, code: use('tsyringe') },
  { rule: 'house/vendor-owner', refuses: 'reflect-metadata outside di', file: core, code: use('reflect-metadata') },
  { rule: 'house/vendor-owner', refuses: 'koa outside http', file: core, code: use('koa') },
  { rule: 'house/vendor-owner', refuses: '@koa/router outside http', file: core, code: use('@koa/router') },
  { rule: 'house/vendor-owner', refuses: 'koa-ratelimit outside http', file: core, code: use('koa-ratelimit') },
  { rule: 'house/vendor-owner', refuses: 'bunyan outside logging', file: core, code: use('bunyan') },
  { rule: 'house/vendor-owner', refuses: 'prom-client outside metrics', file: core, code: use('prom-client') },
  { rule: 'house/vendor-owner', refuses: 'the client in aiops', file: aiops, code: use('@kubernetes/client-node') },
  { rule: 'house/vendor-owner', refuses: 'libsql in a foreign test', file: coreTest, code: use('libsql') },
  {
    rule: 'house/vendor-owner',
    refuses: 'a vendor type in a foreign package',
    file: 'packages/store-sqlite/src/sample.ts',
    code: `export type X = import('@kubernetes/client-node').V1Pod;\n`,
  },
  {
    rule: 'house/vendor-owner',
    refuses: 'a vendor SDK in an example',
    file: 'examples/homelab/sample.ts',
    code: use('libsql'),
  },
  { rule: 'house/declared-dependency', refuses: 'an undeclared package', file: core, code: use('chai') },
  { rule: 'house/composition-root-only', refuses: 'process.env', file: core, code: 'export const x = process.env;\n' },
  { rule: 'house/composition-root-only', refuses: "process['env']", file: core, code: "f(process['env']);\n" },
  { rule: 'house/composition-root-only', refuses: 'process.exit', file: core, code: 'process.exit(1);\n' },
  { rule: 'house/composition-root-only', refuses: 'console', file: core, code: "console.log('x');\n" },
  {
    rule: 'house/composition-root-only',
    refuses: 'global console',
    file: core,
    code: "globalThis.console.log('x');\n",
  },
  { rule: 'house/composition-root-only', refuses: 'global env', file: core, code: 'f(globalThis.process.env);\n' },
  { rule: 'house/composition-root-only', refuses: 'env taken apart', file: core, code: 'const { env } = process;\n' },
  { rule: 'house/composition-root-only', refuses: 'node:process', file: core, code: use('node:process') },
  { rule: 'house/file-name', refuses: 'a drawer', file: 'packages/core/src/utils.ts', code: 'f();\n' },
  { rule: 'house/file-name', refuses: 'a folder of drawers', file: 'packages/core/src/common/x.ts', code: 'f();\n' },
  { rule: 'house/file-name', refuses: 'camel case', file: 'packages/core/src/someFile.ts', code: 'f();\n' },
  { rule: 'house/file-name', refuses: 'an inner barrel', file: 'packages/core/src/plugin/index.ts', code: 'f();\n' },
  { rule: 'house/exported-doc', refuses: 'an undocumented export', file: core, code: 'export const x = 1;\n' },
  { rule: 'no-restricted-syntax', refuses: 'an enum', file: core, code: 'enum X { A }\n' },
  { rule: 'no-restricted-syntax', refuses: 'a default export', file: core, code: 'export default 1;\n' },
  {
    rule: 'no-restricted-syntax',
    refuses: 'a hidden default',
    file: core,
    code: 'const x = 1;\nexport { x as default };\n',
  },
  { rule: 'no-restricted-syntax', refuses: 'export *', file: core, code: "export * from './a.js';\n" },
  { rule: 'no-restricted-syntax', refuses: 'an empty catch', file: core, code: 'try { f(); } catch { /* no */ }\n' },
  { rule: 'no-restricted-syntax', refuses: 'an empty .catch()', file: core, code: 'f().catch(() => {});\n' },
  {
    rule: 'no-restricted-syntax',
    refuses: 'five parameters',
    file: core,
    code: 'f((a, b, c, d, e) => a + b + c + d + e);\n',
  },
  { rule: 'no-restricted-syntax', refuses: 'it.only', file: coreTest, code: "it.only('x', () => f());\n" },
  { rule: 'no-restricted-syntax', refuses: 'describe.skip', file: coreTest, code: "describe.skip('x', () => f());\n" },
  { rule: 'no-restricted-syntax', refuses: 'xit', file: coreTest, code: "xit('x', () => f());\n" },
  { rule: 'no-restricted-syntax', refuses: 'this.skip', file: coreTest, code: 'f(function () { this.skip(); });\n' },
  { rule: 'no-restricted-syntax', refuses: 'await on loading', file: core, code: 'await f();\n' },
  { rule: 'no-restricted-syntax', refuses: 'a constant awaited', file: core, code: 'export const x = await f();\n' },
  { rule: 'max-lines', refuses: '401 lines', file: coreTest, code: lines(401) },
  { rule: 'max-lines-per-function', refuses: '81 lines', file: core, code: `function f() {\n${lines(80)}\n}\nf();\n` },
  { rule: 'no-warning-comments', refuses: 'a note to self', file: core, code: `// ${'TO'}${'DO'} later\nf();\n` },
  {
    rule: '@typescript-eslint/consistent-type-imports',
    refuses: 'a type imported as a value',
    file: core,
    code: "import { X } from './x.js';\nexport type Y = X;\n",
  },
  { rule: '@typescript-eslint/no-explicit-any', refuses: 'any', file: core, code: 'f(1 as any);\n' },
];

const typedRefusals: readonly Omit<Refusal, 'file'>[] = [
  {
    rule: '@typescript-eslint/no-floating-promises',
    refuses: 'a promise that nobody waits for',
    code: 'const f = (): Promise<void> => Promise.resolve();\nf();\n',
  },
  {
    rule: '@typescript-eslint/no-misused-promises',
    refuses: 'an async callback where nobody waits',
    code: '[1].forEach(async () => { await Promise.resolve(); });\n',
  },
  {
    rule: '@typescript-eslint/switch-exhaustiveness-check',
    refuses: 'a switch that forgets a member of its union',
    code: "declare const x: 'a' | 'b';\nswitch (x) {\n  case 'a':\n    break;\n}\n",
  },
];

const allowed: readonly (readonly [string, string, string])[] = [
  ['core by its name', aiops, use('@dogwatch/core')],
  ['the testkit in tests', coreTest, use('@dogwatch/testkit')],
  ['a store in the tests of the command line', 'packages/cli/test/x.test.ts', use('@dogwatch/store-sqlite')],
  ['built internals in the own tests', coreTest, use('../dist/plugin/wiring.js')],
  ['tsyringe in core/src/di', 'packages/core/src/di/sample.ts', use('tsyringe')],
  ['koa in core/src/http', 'packages/core/src/http/sample.ts', use('koa')],
  ['the Kubernetes client in kubernetes', 'packages/kubernetes/src/sample.ts', use('@kubernetes/client-node')],
  [
    'the Kubernetes client in the tests of the testkit',
    'packages/testkit/test/x.test.ts',
    use('@kubernetes/client-node'),
  ],
  ['process.env in core/src/config/env.ts', 'packages/core/src/config/env.ts', 'f(process.env);\n'],
  ['process.env and console in an example', 'examples/homelab/sample.ts', 'console.log(process.env);\n'],
  ['process.exit in a main.ts', 'packages/core/src/crash/main.ts', 'process.exit(1);\n'],
  ['a parameter that is named console', core, 'f((console: { log(): void }) => console.log());\n'],
  ['a constructor with five parameters', core, 'class A { constructor(a, b, c, d, e) { f(a, b, c, d, e); } }\nf(A);\n'],
  ['400 lines', coreTest, lines(400)],
  ['a comment above a decorator', core, '/** A. */\n@f()\nexport class A {}\n'],
  ['one comment for a type and its token', core, '/** A. */\nexport interface A { b: 1 }\nexport const A = f();\n'],
];

describe('lint', () => {
  before(async function () {
    this.timeout(60_000);
    await lintTypedSnippet('packages/core/src/index.ts', '');
  });

  for (const { rule, refuses, file, code } of refusals) {
    it(`refuses ${refuses} (${rule})`, async () => {
      const complaints = await lintSnippet(file, code);
      assert.ok(
        complaints.some((complaint) => complaint.startsWith(`${rule}: `)),
        complaints.join('\n'),
      );
    });
  }

  for (const { rule, refuses, code } of typedRefusals) {
    it(`refuses ${refuses} (${rule})`, async () => {
      const complaints = await lintTypedSnippet('packages/core/src/index.ts', code);
      assert.ok(
        complaints.some((complaint) => complaint.startsWith(`${rule}: `)),
        complaints.join('\n'),
      );
    });
  }

  for (const [what, file, code] of allowed) {
    it(`allows ${what}`, async () => {
      const complaints = await lintSnippet(file, code);
      const isOther = (complaint: string): boolean => !complaint.startsWith('house/exported-doc: ');
      assert.deepEqual(what.includes('comment') ? complaints : complaints.filter(isOther), []);
    });
  }
});
