import assert from 'node:assert/strict';
import { checkYaml, readYaml } from '@dogwatch/core';
import type { StandardSchema } from '@dogwatch/core';
import { z } from 'zod';

async function unknownIn(schema: StandardSchema, data: unknown): Promise<readonly string[]> {
  const check = await checkYaml(readYaml({ text: JSON.stringify(data), file: 'x.yaml', env: null }), schema);
  return check.isValid ? [] : check.problems.map(({ path, message }) => `${path}: ${message}`);
}
const leaf = z.object({ port: z.number().optional() });

describe('unknown keys', () => {
  it('are found in loose and strict maps, in lists and in records, each once', async () => {
    const schema = z.object({
      loose: leaf.optional(),
      strict: z.strictObject({ port: z.number().optional() }).optional(),
      list: z.array(leaf).optional(),
      record: z.record(z.string(), leaf).optional(),
      pair: z.tuple([leaf, leaf]).optional(),
    });
    const wrong = { prot: 1 };
    const said = "unknown key 'prot', did you mean 'port'?";
    const data = { loose: wrong, strict: wrong, list: [{}, wrong], record: { any: wrong }, pair: [{}, wrong] };
    assert.deepEqual(
      await unknownIn(schema, data),
      ['loose', 'strict', 'list[1]', 'record.any', 'pair[1]'].map((path) => `${path}.prot: ${said}`),
    );
  });

  it('are allowed where the schema says so', async () => {
    const schema = z.object({
      loose: z.looseObject({ a: z.string() }),
      any: z.unknown(),
      record: z.record(z.string(), z.number()),
    });
    assert.deepEqual(await unknownIn(schema, { loose: { a: 'x', b: 1 }, any: { x: 1 }, record: { x: 1 } }), []);
  });

  it('are looked for in the variant that the data names', async () => {
    const schema = z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('file'), path: z.string() }),
      z.object({ kind: z.literal('http'), url: z.string() }),
    ]);
    assert.deepEqual(await unknownIn(schema, { kind: 'http', url: 'x', path: 'y' }), [
      "path: unknown key 'path', known are: kind, url",
    ]);
  });

  it('are found in a schema that contains itself', async () => {
    const tree = z.object({
      name: z.string(),
      get children() {
        return z.array(tree).optional();
      },
    });
    assert.deepEqual(await unknownIn(tree, { name: 'a', children: [{ name: 'b', childern: [] }] }), [
      "children[0].childern: unknown key 'childern', did you mean 'children'?",
    ]);
  });

  it('stay the business of a library that cannot describe its schema', async () => {
    const opaque: StandardSchema = {
      '~standard': { version: 1, vendor: 'own', validate: (value) => ({ value }) },
    };
    assert.deepEqual(await unknownIn(opaque, { anything: 1 }), []);
  });
});
