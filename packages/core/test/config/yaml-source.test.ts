import assert from 'node:assert/strict';
import { checkYaml, formatConfigProblem, formatPath, readYaml } from '@dogwatch/core';
import type { Environment, YamlSource } from '@dogwatch/core';
import { z } from 'zod';

const read = (text: string, env: Environment | null = {}): YamlSource => readYaml({ text, file: 'rules.yaml', env });
const lines = (source: YamlSource): readonly string[] => source.problems.map(formatConfigProblem);

describe('readYaml', () => {
  const text = `# comment
rules:
  - name: first
    actions: [notify, rca]
  - name: second
    empty:
"odd key": 1
shared: &shared { deep: [1, 2] }
again: *shared
`;

  it('knows the place of every value and key', () => {
    const source = read(text);
    assert.deepEqual(source.locate(['rules', 0, 'name']), { line: 3, column: 11 });
    assert.deepEqual(source.locate(['rules', 0, 'name'], 'key'), { line: 3, column: 5 });
    assert.deepEqual(source.locate(['rules', 0, 'actions', 1]), { line: 4, column: 23 });
    assert.deepEqual(source.locate(['odd key'], 'key'), { line: 7, column: 1 });
    assert.deepEqual(source.locate(['again', 'deep', 1]), { line: 8, column: 29 });
  });

  it('answers the nearest enclosing place for what is not there', () => {
    const source = read(text);
    assert.deepEqual(source.locate(['rules', 1, 'cooldown', 'x']), source.locate(['rules', 1]));
    assert.deepEqual(source.locate(['rules', 1]), { line: 5, column: 5 });
    assert.equal(read('').locate(['rules']), null);
  });

  it('reads an empty file as null', () => assert.equal(read('# nothing\n').value, null));

  it('fills in variables, defaults and escapes', () => {
    const source = read(
      'a: ${A}\nb: ${B:-fallback}\nc: ${EMPTY:-full}\nd: $${A}\ne: pre-${A}-${B:-x:y}\nf: "${A}"\ng: |\n  one ${A}\n  two\n',
      { A: 'alpha', EMPTY: '' },
    );
    assert.deepEqual(source.problems, []);
    assert.deepEqual(source.value, {
      a: 'alpha',
      b: 'fallback',
      c: 'full',
      d: '${A}',
      e: 'pre-alpha-x:y',
      f: 'alpha',
      g: 'one alpha\ntwo\n',
    });
  });

  it('reads a filled-in scalar as YAML would, unless it is quoted, and never as structure', () => {
    const env = { N: '8080', T: 'true', Z: 'null', S: 'a: [1, 2]\nb: 3' };
    const source = read('n: ${N}\nt: ${T}\nz: ${Z}\nq: "${N}"\ns: ${S}\nm: ${N}m\n', env);
    assert.deepEqual(source.value, { n: 8080, t: true, z: null, q: '8080', s: 'a: [1, 2]\nb: 3', m: '8080m' });
  });

  it('leaves variables alone when told to', () => {
    assert.deepEqual(read('a: ${A}', null).value, { a: '${A}' });
  });

  it('reports every variable that is not set, and every one that is none, with place and name', () => {
    const source = read('a: ${A}\nlist:\n  - ok\n  - "x ${B}"\nc: ${1BAD}\nd: ${open\n');
    assert.deepEqual(lines(source), [
      "rules.yaml:1:4 a: '${A}' cannot be filled in: set the variable, or give a default as ${A:-default} (variable A)",
      "rules.yaml:4:5 list[1]: '${B}' cannot be filled in: set the variable, or give a default as ${B:-default} (variable B)",
      "rules.yaml:5:4 c: '${1BAD}' is not a variable; write ${NAME} or ${NAME:-default}, or $${ for a literal ${",
      "rules.yaml:6:4 d: '${open' is not a variable; write ${NAME} or ${NAME:-default}, or $${ for a literal ${",
    ]);
  });

  it('reports a key that stands twice, and goes on', () => {
    const source = read('a: 1\nb: 2\na: 3\n');
    assert.equal(source.isBroken, false);
    assert.match(lines(source).join(), /^rules\.yaml:3:1: Map keys must be unique/);
  });

  it('reports broken syntax with its place, and has no value then', () => {
    const source = read('a: 1\nb: [1, 2\nc: "x\n');
    assert.equal(source.isBroken, true);
    assert.equal(source.value, null);
    assert.ok(source.problems.length > 0 && source.problems.every((problem) => problem.line !== null));
  });
});

describe('checkYaml', () => {
  const schema = z.object({ rules: z.array(z.object({ name: z.string(), cooldown: z.number().default(5) })) });

  it('answers what the schema puts out', async () => {
    const check = await checkYaml(read('rules:\n  - name: a\n'), schema);
    assert.deepEqual(check, { isValid: true, value: { rules: [{ name: 'a', cooldown: 5 }] } });
  });

  it('reports variables, unknown keys and values together, each once', async () => {
    const check = await checkYaml(
      read('rules:\n  - nmae: a\n    cooldown: soon\n  - name: a\n    cooldown: ${A}\n  - name: 5\n'),
      schema,
    );
    assert.ok(!check.isValid);
    assert.deepEqual(check.problems.map(formatConfigProblem), [
      "rules.yaml:5:15 rules[1].cooldown: '${A}' cannot be filled in: set the variable, or give a default as ${A:-default} (variable A)",
      "rules.yaml:2:5 rules[0].nmae: unknown key 'nmae', did you mean 'name'?",
      'rules.yaml:2:5 rules[0].name: is missing, expected string',
      'rules.yaml:3:15 rules[0].cooldown: Invalid input: expected number, received string, got "soon"',
      'rules.yaml:6:11 rules[2].name: Invalid input: expected string, received number, got 5',
    ]);
  });

  it('reports broken syntax alone', async () => {
    const check = await checkYaml(read('rules: [\n'), schema);
    assert.ok(!check.isValid);
    assert.deepEqual(new Set(check.problems.map((problem) => problem.path)), new Set(['']));
  });
});

describe('formatPath', () => {
  it('writes keys and indices as people do', () => {
    assert.equal(formatPath(['http', 'tls', 'ports', 0]), 'http.tls.ports[0]');
    assert.equal(formatPath(['labels', 'app.kubernetes.io/name']), 'labels["app.kubernetes.io/name"]');
    assert.equal(formatPath([]), '');
  });
});
