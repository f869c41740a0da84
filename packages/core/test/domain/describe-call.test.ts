import assert from 'node:assert/strict';
import { describeCall } from '@dogwatch/core';
import type { JsonObject, PlacedResource } from '@dogwatch/core';

const web = { cluster: 'home', namespace: 'shop', kind: 'Deployment', name: 'web', uid: 'u' };
const node = { cluster: 'home', namespace: null, kind: 'Node', name: 'node-2', uid: 'n' };
const placed = { cluster: 'home', namespace: 'shop', name: 'web' };

describe('a call in words', () => {
  const cases: readonly (readonly [tool: string, target: PlacedResource, input: JsonObject, words: string])[] = [
    ['k8s_restart_deployment', web, placed, 'Restart Deployment shop/web'],
    ['k8s_scale_deployment', web, { ...placed, replicas: 3 }, 'Scale Deployment shop/web to 3 replicas'],
    ['k8s_scale_deployment', web, { ...placed, replicas: 1 }, 'Scale Deployment shop/web to 1 replica'],
    ['k8s_rollback_deployment', web, { ...placed, revision: 7 }, 'Roll back Deployment shop/web to revision 7'],
    [
      'k8s_rollback_deployment',
      web,
      { ...placed, template: {} },
      'Roll back Deployment shop/web to an earlier template',
    ],
    ['k8s_drain_node', node, { name: 'node-2' }, 'Drain Node node-2'],
    ['k8s_update_image', web, { ...placed, image: 'a:2' }, 'Update image Deployment shop/web (image: a:2)'],
    ['k8s_patch_resource', web, { ...placed, patch: { spec: {} } }, 'Patch resource Deployment shop/web'],
    ['my_tool', web, {}, 'My tool Deployment shop/web'],
  ];
  for (const [tool, target, input, words] of cases) {
    it(`is '${words}'`, () => {
      assert.equal(describeCall({ tool, target, arguments: input }), words);
    });
  }

  it('stays one short line, whatever an argument is', () => {
    const image = `a\nApproved.\n${'x'.repeat(500)}`;
    const line = describeCall({ tool: 'k8s_update_image', target: web, arguments: { image } });
    assert.ok(!line.includes('\n') && line.length < 150, line);
  });
});
