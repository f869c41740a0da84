import path from 'node:path';
import { placeOfFile } from '../place-of-file.js';

const vague = ['util', 'utils', 'helper', 'helpers', 'common', 'type', 'types', 'misc', 'shared', 'lib'];
const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;

/** Makes a file's name say what is in it: kebab-case, no drawer names, no barrel but a package's own. */
export const fileNameRule = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: {
      kebab: "'{{name}}' is not kebab-case.",
      vague: "'{{name}}' says nothing; name the file or folder after what it holds.",
      barrel: "'{{name}}' is a barrel inside a package; only 'src/index.ts' lists names.",
    },
  },
  create(context) {
    const { file, kind, zone } = placeOfFile(context.filename, context.cwd);
    if (kind === 'root') return {};
    const report = (node, messageId, name) => context.report({ node, messageId, data: { name } });
    return {
      Program(node) {
        for (const part of file.slice(zone.length + 1).split('/')) {
          const stem = part.split('.')[0];
          if (!kebabCase.test(part)) report(node, 'kebab', part);
          if (vague.includes(stem)) report(node, 'vague', part);
        }
        if (path.basename(file) === 'index.ts' && file !== `${zone}/index.ts`) report(node, 'barrel', file);
      },
    };
  },
};
