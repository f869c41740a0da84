import type { JsonObject, LiveObject, Preview } from '@dogwatch/core';
import { createTwoFilesPatch } from 'diff';
import { stringify } from 'yaml';
import { asWorkload } from './deployment-target.js';
import { omitKeys, REVISION_ANNOTATION } from './raw-object.js';

const contextLines = 4;
// What is longer is cut with a note; chats cut far earlier, the console shows it all.
const maxDiffLength = 20_000;

function readableText(live: LiveObject): string {
  const { metadata, spec } = asWorkload(live);
  const annotations = omitKeys(
    metadata.annotations,
    (key) => key === REVISION_ANNOTATION || key === 'kubectl.kubernetes.io/last-applied-configuration',
  );
  const shown = {
    ...(Object.keys(annotations).length > 0 ? { metadata: { annotations } } : {}),
    spec: { replicas: spec.replicas ?? null, template: spec.template } as unknown as JsonObject,
  };
  return stringify(shown, { lineWidth: 0, sortMapEntries: true });
}

/** Shows what changes between two states of a Deployment, as a unified diff of YAML. */
export function renderDeploymentDiff(before: LiveObject, after: LiveObject): Preview {
  const name = `Deployment ${before.namespace}/${before.name}`;
  const patch = createTwoFilesPatch(
    `${name} (now)`,
    `${name} (after)`,
    readableText(before),
    readableText(after),
    '',
    '',
    {
      context: contextLines,
    },
  );
  const body = patch
    .split('\n')
    .filter((line) => !line.startsWith('====') && !line.startsWith('\\ No newline'))
    .join('\n')
    .trim();
  if (body.length <= maxDiffLength) return { kind: 'diff', text: body };
  const cut = body.slice(0, body.lastIndexOf('\n', maxDiffLength));
  return { kind: 'diff', text: `${cut}\n(cut: the whole diff has ${body.length} characters)` };
}
