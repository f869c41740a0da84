import path from 'node:path';

/**
 * Says where a file lives: its workspace folder (`packages/core`, `examples/homelab`), the short name of its package,
 * whether it belongs to the tests, and the folder that its relative imports must stay in.
 */
export function placeOfFile(filename, root) {
  const file = path.relative(root, filename).split(path.sep).join('/');
  const [top, name, area] = file.split('/');
  if ((top !== 'packages' && top !== 'examples') || area === undefined) {
    return { file, kind: 'root', isTest: top === 'test', zone: file.includes('/') ? top : '.' };
  }
  const workspace = `${top}/${name}`;
  const isTest = area === 'test';
  const zone = top === 'packages' && area === 'src' ? `${workspace}/src` : workspace;
  return { file, kind: top === 'packages' ? 'package' : 'example', name, workspace, isTest, zone };
}

/** The npm name in an import specifier, or null for relative paths and Node's own modules. */
export function packageOfSpecifier(specifier) {
  if (specifier.startsWith('.') || specifier.startsWith('/') || specifier.startsWith('node:')) return null;
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0];
}
