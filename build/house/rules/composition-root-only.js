import path from 'node:path';
import { onEachImport } from '../on-each-import.js';
import { placeOfFile } from '../place-of-file.js';

const processMembers = ['env', 'exit'];
const processModules = ['process', 'node:process', 'console', 'node:console'];

function isCompositionRoot(place) {
  if (place.kind !== 'package' || place.isTest || place.name === 'cli') return true;
  return place.file === 'packages/core/src/config/env.ts' || path.basename(place.file) === 'main.ts';
}

function nameOfKey(node) {
  if (node.type === 'Identifier') return node.name;
  return node.type === 'Literal' ? String(node.value) : undefined;
}

function isProcess(node) {
  if (node?.type === 'Identifier') return node.name === 'process';
  return node?.type === 'MemberExpression' && nameOfKey(node.property) === 'process' && isGlobalObject(node.object);
}

function isGlobalObject(node) {
  return node.type === 'Identifier' && (node.name === 'globalThis' || node.name === 'global');
}

/** Keeps the environment, the process's end and the console out of every place but the composition roots. */
export const compositionRootOnlyRule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      root: "'{{name}}' belongs to a composition root; take the value, the signal or a Logger as a parameter.",
    },
  },
  create(context) {
    if (isCompositionRoot(placeOfFile(context.filename, context.cwd))) return {};
    const report = (node, name) => context.report({ node, messageId: 'root', data: { name } });
    return {
      ...onEachImport((node, specifier) => {
        if (processModules.includes(specifier)) report(node, specifier);
      }),
      MemberExpression(node) {
        const key = nameOfKey(node.property);
        if (isProcess(node.object) && processMembers.includes(key)) report(node, `process.${key}`);
        if (isGlobalObject(node.object) && key === 'console') report(node, 'console');
      },
      VariableDeclarator(node) {
        if (node.id.type !== 'ObjectPattern' || !isProcess(node.init)) return;
        for (const { key } of node.id.properties) {
          const name = key === undefined ? undefined : nameOfKey(key);
          if (processMembers.includes(name)) report(node, `process.${name}`);
        }
      },
      'Program:exit'() {
        const { globalScope } = context.sourceCode.scopeManager;
        const declared = globalScope.set.get('console')?.references ?? [];
        const free = globalScope.through.filter(({ identifier }) => identifier.name === 'console');
        for (const { identifier } of new Set([...declared, ...free])) report(identifier, 'console');
      },
    };
  },
};
