import { dynamicImporters, packageGraph } from '../package-graph.js';
import { onEachImport } from '../on-each-import.js';
import { placeOfFile } from '../place-of-file.js';

const scope = '@dogwatch/';

function allowedSiblings(place) {
  const siblings = packageGraph[place.name] ?? ['core'];
  // the tests of a package that finds its siblings at run time prove it with real ones
  if (place.isTest && dynamicImporters.includes(place.name)) return Object.keys(packageGraph);
  return place.isTest ? [place.name, ...siblings, 'testkit'] : siblings;
}

/** Holds every package to the siblings that the package graph lets it import. */
export const packageGraphRule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      sibling: "'{{workspace}}' may not import '{{specifier}}'; of the house it may import only {{allowed}}.",
    },
  },
  create(context) {
    const place = placeOfFile(context.filename, context.cwd);
    if (place.kind !== 'package') return {};
    const allowed = allowedSiblings(place);
    return onEachImport((node, specifier) => {
      if (!specifier.startsWith(scope)) return;
      if (allowed.includes(specifier.slice(scope.length).split('/')[0])) return;
      if (node.parent.type === 'ImportExpression' && dynamicImporters.includes(place.name)) return;
      const names = allowed.map((name) => scope + name).join(', ') || 'itself';
      context.report({ node, messageId: 'sibling', data: { workspace: place.workspace, specifier, allowed: names } });
    });
  },
};
