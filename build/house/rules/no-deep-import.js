import { readFileSync } from 'node:fs';
import path from 'node:path';
import { onEachImport } from '../on-each-import.js';
import { placeOfFile } from '../place-of-file.js';

const scope = '@dogwatch/';

function exportedSubpaths(name, root) {
  try {
    return Object.keys(
      JSON.parse(readFileSync(path.join(root, 'packages', name, 'package.json'), 'utf8')).exports ?? {},
    );
  } catch {
    return [];
  }
}

function leavesZone(place, specifier) {
  const target = path.posix.join(path.posix.dirname(place.file), specifier);
  if (place.kind === 'root') return target.startsWith('packages/') || target.startsWith('examples/');
  if (target !== place.zone && !target.startsWith(`${place.zone}/`)) return true;
  return place.isTest && place.kind === 'package' && target.startsWith(`${place.workspace}/src/`);
}

/** Lets a package be imported by its name alone, never through the files inside it. */
export const noDeepImportRule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      subpath: "'{{specifier}}' reaches inside a package; import what '{{name}}' exports instead.",
      relative:
        "'{{specifier}}' leaves '{{zone}}'; import another package by its name, and in tests the built '../dist'.",
    },
  },
  create(context) {
    const place = placeOfFile(context.filename, context.cwd);
    return onEachImport((node, specifier) => {
      if (specifier.startsWith('.') && leavesZone(place, specifier)) {
        context.report({ node, messageId: 'relative', data: { specifier, zone: place.zone } });
      }
      if (!specifier.startsWith(scope)) return;
      const [name, ...rest] = specifier.slice(scope.length).split('/');
      if (rest.length === 0 || exportedSubpaths(name, context.cwd).includes(`./${rest.join('/')}`)) return;
      context.report({ node, messageId: 'subpath', data: { specifier, name: scope + name } });
    });
  },
};
