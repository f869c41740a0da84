import { isAppError, RISKS, ToolCatalog } from '@dogwatch/core';
import type { JsonObject } from '@dogwatch/core';
import type { ContractCase } from '../contract-suite.js';
import type { ToolSubject } from './tool-subject.js';
import { expectThat, expectUnchanged, readContext, schemaOf, writeTool } from './writing.js';

const effects: readonly string[] = ['read', 'write', 'destructive'];
const risks: readonly string[] = RISKS;

/** What a tool says about itself, and the strictness of its arguments. */
export const descriptionCases: readonly ContractCase<ToolSubject>[] = [
  {
    name: 'has a name of lower-case words and a description that says what it is for',
    run: ({ tool }) => {
      expectThat(
        /^[a-z][a-z0-9]*(_[a-z0-9]+)+$/.test(tool.name),
        `The name '${tool.name}' is not like 'k8s_get_pods'.`,
      );
      expectThat(tool.description.trim().length >= 20, `The description '${tool.description}' says too little.`);
    },
  },
  {
    name: 'names a known effect',
    run: ({ tool }) => expectThat(effects.includes(tool.effect), `'${tool.effect}' is no effect.`),
  },
  {
    name: 'names a known risk',
    needs: 'write',
    run: (subject) => {
      const { risk } = writeTool(subject);
      expectThat(risks.includes(risk), `'${risk}' is no risk.`);
    },
  },
  {
    name: 'takes an object of arguments and declares each of them',
    run: (subject) => {
      const schema = schemaOf(subject);
      expectThat(schema['type'] === 'object', `The input schema is of type '${String(schema['type'])}', not object.`);
      expectThat(schema['additionalProperties'] === false, 'The input schema must say additionalProperties: false.');
      const properties = schema['properties'] as JsonObject | undefined;
      for (const name of Object.keys(subject.input)) {
        expectThat(properties !== undefined && Object.hasOwn(properties, name), `Argument '${name}' is not declared.`);
      }
    },
  },
  {
    name: 'accepts its valid arguments',
    run: ({ tool, input }) => {
      const problem = new ToolCatalog([tool]).findArgumentProblem(tool, input);
      expectThat(problem === null, `The valid arguments are refused: ${problem}`);
    },
  },
  {
    name: 'refuses arguments that are wrong, unknown or missing',
    run: ({ tool, input, invalidInputs }) => {
      const catalog = new ToolCatalog([tool]);
      for (const wrong of [...invalidInputs, { ...input, not_an_argument: true }]) {
        const problem = catalog.findArgumentProblem(tool, wrong);
        expectThat(problem !== null, `These arguments must be refused: ${JSON.stringify(wrong)}`);
      }
    },
  },
  {
    name: 'reads plain JSON without changing anything',
    needs: 'read',
    run: async (subject) => {
      const { tool, input, world } = subject;
      const before = await world.snapshot();
      const output: unknown = tool.effect === 'read' ? await tool.execute(input, readContext()) : undefined;
      const copy: unknown = output === undefined ? undefined : JSON.parse(JSON.stringify(output));
      expectThat(JSON.stringify(copy) === JSON.stringify(output), 'The output is not plain JSON.');
      expectThat(output !== undefined, 'A reading tool answers a value, null where there is none.');
      await expectUnchanged(subject, before, 'Reading');
    },
  },
  {
    name: 'gives up with an error when its signal is aborted',
    needs: 'read',
    run: async ({ tool, input }) => {
      const signal = AbortSignal.abort(new Error('enough'));
      const outcome =
        tool.effect === 'read'
          ? await tool.execute(input, { signal }).then(
              () => 'an answer',
              (error: unknown) => (isAppError(error) || signal.aborted ? 'an error' : 'something else'),
            )
          : 'an error';
      expectThat(outcome === 'an error', `An aborted read ended with ${outcome}.`);
    },
  },
];
