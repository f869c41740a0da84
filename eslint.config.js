import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import { housePlugin } from './build/house/plugin.js';

const maxParameters = 4;
const emptyBlock = 'BlockStatement[body.length=0]';
const suite = '/^(describe|context|suite|it|specify|test)$/';

const forbiddenSyntax = [
  { selector: 'TSEnumDeclaration', message: 'No enums: use a union of string literals.' },
  { selector: 'ExportDefaultDeclaration', message: 'No default exports: name what you export.' },
  { selector: "ExportSpecifier[exported.name='default']", message: 'No default exports: name what you export.' },
  { selector: 'ExportAllDeclaration', message: 'No export *: list the exported names one by one.' },
  { selector: `CatchClause > ${emptyBlock}`, message: 'No empty catch: handle, translate or return something.' },
  {
    selector: `CallExpression[callee.property.name='catch'] > :function > ${emptyBlock}`,
    message: 'No empty catch: handle, translate or return something.',
  },
  {
    selector: `:function[params.length>${maxParameters}]:not(MethodDefinition[kind='constructor'] > FunctionExpression)`,
    message: `More than ${maxParameters} parameters: take an options object.`,
  },
  {
    selector: `CallExpression[callee.object.name=${suite}][callee.property.name=/^(only|skip)$/]`,
    message: 'No .only and no .skip: every test counts.',
  },
  {
    selector: "CallExpression[callee.object.type='ThisExpression'][callee.property.name='skip']",
    message: 'No skipped tests: leave a suite out aloud with the requirements of @dogwatch/testkit.',
  },
  { selector: 'CallExpression[callee.name=/^x(describe|context|it|specify)$/]', message: 'No skipped tests.' },
];

// a CommonJS service can require() a package as long as none of its modules awaits on loading
const topLevelAwait = ['ExpressionStatement', 'VariableDeclaration > *', 'ExportNamedDeclaration > * > *'].map(
  (place) => ({
    selector: `Program > ${place} > AwaitExpression`,
    message: 'No top-level await in a package: CommonJS services could not require() it.',
  }),
);

const shippedSource = ['packages/*/src/**/*.ts', 'examples/*/**/*.ts'];
const testSource = ['packages/*/test/**/*.ts', 'examples/*/test/**/*.ts', 'test/**/*.ts'];
const nodeGlobals = ['AbortController', 'URL', 'console', 'process', 'setTimeout', 'clearTimeout', 'fetch'];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/dist-test/**', '**/node_modules/**', '**/coverage/**', '**/.dogwatch/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  tseslint.configs.recommended,
  {
    plugins: { house: housePlugin },
    rules: {
      'house/composition-root-only': 'error',
      'house/declared-dependency': 'error',
      'house/file-name': 'error',
      'house/no-deep-import': 'error',
      'house/package-graph': 'error',
      'house/vendor-owner': 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': ['error', ...forbiddenSyntax],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'] }],
      'prefer-const': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: ['**/*.ts'],
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  { files: ['packages/*/src/**/*.ts'], rules: { 'house/exported-doc': 'error' } },
  {
    files: ['packages/*/src/**/*.ts'],
    ignores: ['**/main.ts'],
    rules: { 'no-restricted-syntax': ['error', ...forbiddenSyntax, ...topLevelAwait] },
  },
  {
    files: [...shippedSource, ...testSource, 'bench/**/*.ts', 'soak/**/*.ts'],
    languageOptions: { parserOptions: { project: './tsconfig.lint.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  {
    files: testSource,
    rules: {
      // these need the type of nearly everything; a forgotten await is what hurts in a test
      '@typescript-eslint/await-thenable': 'off',
      '@typescript-eslint/no-misused-promises': 'off',
      // chai's assertions are properties: `expect(list).to.be.empty` is a whole statement
      '@typescript-eslint/no-unused-expressions': 'off',
      'max-lines-per-function': 'off',
    },
  },
  {
    files: ['*.{js,mjs,cjs}', 'build/**/*.{js,mjs,cjs}', 'examples/**/*.js'],
    languageOptions: { globals: Object.fromEntries(nodeGlobals.map((name) => [name, 'readonly'])) },
  },
  {
    // tools that read a configuration file ask for its default export
    files: ['eslint.config.js', '.dependency-cruiser.mjs'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off', 'no-undef': 'off' } },
);
