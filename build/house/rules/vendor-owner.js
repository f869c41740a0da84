import { freeTestPackages, vendorOwners } from '../package-graph.js';
import { onEachImport } from '../on-each-import.js';
import { packageOfSpecifier, placeOfFile } from '../place-of-file.js';

function ownerOf(packageName) {
  for (const [pattern, owner] of Object.entries(vendorOwners)) {
    const isMatch = pattern.endsWith('*') ? packageName.startsWith(pattern.slice(0, -1)) : packageName === pattern;
    if (isMatch) return owner;
  }
  return undefined;
}

/** Lets each vendor SDK be imported in one place alone, and by the tests of the package that owns it. */
export const vendorOwnerRule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { owner: "'{{name}}' is imported by '{{owner}}' alone; use what that place offers instead." },
  },
  create(context) {
    const place = placeOfFile(context.filename, context.cwd);
    if (place.kind === 'root' || (place.isTest && place.kind === 'example')) return {};
    if (place.isTest && freeTestPackages.includes(place.name)) return {};
    return onEachImport((node, specifier) => {
      const name = packageOfSpecifier(specifier);
      const owner = name === null ? undefined : ownerOf(name);
      if (owner === undefined || place.file.startsWith(`${owner}/`)) return;
      if (place.isTest && owner.startsWith(`${place.workspace}/`)) return;
      context.report({ node, messageId: 'owner', data: { name, owner } });
    });
  },
};
