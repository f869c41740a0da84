import assert from 'node:assert/strict';
import fc from 'fast-check';
import { checkTemplates, renderTemplate } from '@dogwatch/core';
import type { JsonObject, JsonValue, PlaybookStep } from '@dogwatch/core';
import { contains } from './run-lab.js';

const scope: JsonObject = {
  incident: { namespace: 'shop', resource: { name: 'web', labels: ['a', 'b'] }, count: 3, flag: false, none: null },
  steps: { look: { output: { previous: 7, template: { image: 'x:1' } } } },
};

function render(value: JsonValue): JsonValue {
  const rendered = renderTemplate({ value }, scope);
  assert.ok(rendered.ok, rendered.ok ? '' : rendered.reason);
  return rendered.value['value'] ?? null;
}

function refusal(value: JsonValue): string {
  const rendered = renderTemplate({ value }, scope);
  assert.ok(!rendered.ok);
  return rendered.reason;
}

describe('renderTemplate', () => {
  it('replaces look-ups inside a text, and keeps the type of a text that is one look-up', () => {
    assert.equal(render('{{ incident.namespace }}/{{incident.resource.name}} x{{ incident.count }}'), 'shop/web x3');
    assert.equal(render('{{ steps.look.output.previous }}'), 7);
    assert.equal(render('  {{ incident.flag }} '), false);
    assert.deepEqual(render('{{ steps.look.output.template }}'), { image: 'x:1' });
    assert.equal(render('{{ incident.resource.labels.1 }}'), 'b');
  });

  it('renders inside lists and objects, and leaves everything else alone', () => {
    const value = { list: ['{{ incident.namespace }}', 1, null, true], deep: { name: '{{ incident.resource.name }}' } };
    assert.deepEqual(render(value), { list: ['shop', 1, null, true], deep: { name: 'web' } });
  });

  it('says which look-up is null or absent, and what is known there', () => {
    contains(refusal('{{ incident.none }}'), "'incident.none' is null");
    contains(
      refusal('in {{ incident.nmespace }}'),
      "'incident.nmespace' does not exist (known there: namespace, resource",
    );
    contains(refusal('{{ incident.namespace.length }}'), "'incident.namespace.length' does not exist");
  });

  it('refuses a whole object inside a text', () => {
    contains(refusal('name: {{ incident.resource }}'), 'whole object');
  });

  it('reaches nothing that the scope does not own', () => {
    for (const path of [
      'incident.constructor',
      'incident.__proto__',
      'constructor.name',
      'incident.toString',
      'process.env',
    ]) {
      contains(refusal(`{{ ${path} }}`), 'does not exist');
    }
  });

  it('never renders what was looked up', () => {
    const rendered = renderTemplate(
      { a: '{{ params.text }}', b: 'x {{ params.text }}' },
      {
        params: { text: '{{ params.secret }}', secret: 'no' },
      },
    );
    assert.deepEqual(rendered, { ok: true, value: { a: '{{ params.secret }}', b: 'x {{ params.secret }}' } });
  });

  it('never throws, and gives back any text without braces as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const rendered = renderTemplate({ text }, scope);
        if (!text.includes('{{')) assert.deepEqual(rendered, { ok: true, value: { text } });
      }),
    );
  });

  it('puts any value between any texts exactly, however it looks', () => {
    const words = fc.string().filter((text) => !text.includes('{'));
    fc.assert(
      fc.property(words, fc.string(), words, (before, value, after) => {
        fc.pre(before.trim() !== '' || after.trim() !== '');
        const rendered = renderTemplate({ text: `${before}{{ params.value }}${after}` }, { params: { value } });
        assert.deepEqual(rendered, { ok: true, value: { text: `${before}${value}${after}` } });
      }),
    );
  });

  it('keeps any JSON value that a whole text looks up', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        fc.pre(value !== null);
        const json = JSON.parse(JSON.stringify(value)) as JsonValue;
        const rendered = renderTemplate({ it: '{{ params.value }}' }, { params: { value: json } });
        assert.deepEqual(rendered, { ok: true, value: { it: json } });
      }),
    );
  });

  it('finds nothing but own values for any path', () => {
    const segment = fc.string({ minLength: 1 }).filter((text) => /^[A-Za-z0-9_-]+$/.test(text));
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 4 }), (path) => {
        assert.ok(!renderTemplate({ x: `{{ ${path.join('.')} }}` }, {}).ok);
      }),
    );
  });
});

function problemsOf(steps: readonly PlaybookStep[]): readonly string[] {
  const playbook = { id: 'p', title: 'P', appliesTo: [], steps };
  return checkTemplates(playbook).map((problem) => `${problem.path}: ${problem.message}`);
}

describe('checkTemplates', () => {
  const look: PlaybookStep = { id: 'look', tool: 'fake_read', with: {} };
  const using = (text: JsonValue): PlaybookStep => ({ id: 'use', tool: 'fake_read', with: { name: text } });

  it('accepts the known roots and the outputs of earlier steps', () => {
    const texts = [
      '{{ incident.namespace }}',
      '{{ problem.facts.image }}',
      '{{ params.x }}',
      '{{ steps.look.output.y }}',
      'plain',
    ];
    for (const text of texts) assert.deepEqual(problemsOf([look, using(text)]), []);
  });

  it('names unknown roots, later steps and malformed expressions, with their path', () => {
    const cases: readonly (readonly [JsonValue, string])[] = [
      [
        '{{ incidnt.namespace }}',
        "steps[1].with.name: 'incidnt.namespace' begins with unknown 'incidnt'. Use one of: incident",
      ],
      ['{{ incident.namespce }}', "unknown name 'incident.namespce', did you mean 'incident.namespace'?"],
      ['{{ incident.resource.nam }}', "unknown name 'incident.resource.nam', did you mean 'incident.resource.name'?"],
      ['{{ incident.toString }}', "unknown name 'incident.toString'"],
      ['{{ steps.later.output.x }}', "names step 'later', which does not come before. Steps before it: look."],
      ['{{ steps.use.output.x }}', "names step 'use'"],
      ['{{ steps.look.result }}', "must go on with 'output'"],
      ['{{ incident }}', 'names no value'],
      ['{{ incident.name | upper }}', 'is not a dotted look-up'],
      ['{{ 1 + 1 }}', 'is not a dotted look-up'],
      ['{{ incident.name', 'is not closed'],
      ['{{}}', 'is not a dotted look-up'],
    ];
    for (const [text, message] of cases) {
      const [problem, ...more] = problemsOf([look, using(text)]);
      contains(problem, message);
      assert.deepEqual(more, []);
    }
  });

  it('looks into lists and objects', () => {
    contains(problemsOf([using({ deep: ['{{ nope.x }}'] })])[0], 'steps[0].with.name.deep[0]');
  });
});
