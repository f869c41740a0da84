// Rewrites the list in docs/errors.md from the registry of the built core: `npm run build && node build/update-error-docs.js`.
import { readFileSync, writeFileSync } from 'node:fs';
import { errorCodes } from '@dogwatch/core';

const file = new URL('../docs/errors.md', import.meta.url);
const introduction = readFileSync(file, 'utf8').split('\n- `DW_')[0].trimEnd();
const lines = Object.entries(errorCodes).map(
  ([code, { title, remedy, status }]) => `- \`${code}\`${status ? ` (HTTP ${status})` : ''}: ${title}. ${remedy}`,
);
writeFileSync(file, `${introduction}\n\n${lines.join('\n')}\n`);
