import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { onEachImport } from '../on-each-import.js';
import { packageOfSpecifier, placeOfFile } from '../place-of-file.js';

function declaredNames(workspace, root) {
  const manifest = JSON.parse(readFileSync(path.join(root, workspace, 'package.json'), 'utf8'));
  return Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies });
}

/** Refuses what only happens to be installed: shipped code imports what its own package.json names. */
export const declaredDependencyRule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { undeclared: "'{{name}}' is not declared in '{{workspace}}/package.json'." },
  },
  create(context) {
    const place = placeOfFile(context.filename, context.cwd);
    if (place.kind === 'root' || place.isTest) return {};
    const declared = declaredNames(place.workspace, context.cwd);
    return onEachImport((node, specifier) => {
      const name = packageOfSpecifier(specifier);
      if (name === null || declared.includes(name) || builtinModules.includes(name)) return;
      context.report({ node, messageId: 'undeclared', data: { name, workspace: place.workspace } });
    });
  },
};
