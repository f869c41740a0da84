import { FakeReadTool, FakeWorld, FakeWriteTool, isSameJson, liveTemplate } from '@dogwatch/testkit';
import type { BrokenImplementation, ContractHarness, ToolSubject } from '@dogwatch/testkit';
import type { JsonObject, LiveObject, ReadTool, WriteTool } from '@dogwatch/core';

type Breakage<T> = (tool: T, world: FakeWorld) => Partial<Record<keyof T, unknown>>;

const input: JsonObject = { name: 'web', template: 'new' };

function subjectOf(world: FakeWorld, tool: ToolSubject['tool'], change: Partial<ToolSubject>): ToolSubject {
  return {
    tool,
    input,
    invalidInputs: [{ template: 'new' }, { name: '', template: 1 }, { name: 7, template: 'x' }],
    world: {
      move: () => world.move('web'),
      edit: () => world.edit('web', 'edited'),
      remove: () => world.remove('web'),
      recreate: () => world.add('web', 'old'),
      snapshot: () => ({ effects: world.effects.length, template: world.template('web') }),
    },
    ...change,
  };
}

/** Capabilities of a writing tool that can be taken back. */
export const invertible = ['write', 'inverse'];

/** The harness of a fake writing tool, broken in some way. */
export function writing(
  breakage: Breakage<FakeWriteTool> = () => ({}),
  hasInverse = true,
): ContractHarness<ToolSubject> {
  return {
    capabilities: hasInverse ? invertible : ['write', 'no-inverse'],
    create: () => {
      const world = new FakeWorld();
      world.add('web', 'old');
      const tool = new FakeWriteTool(world, { hasInverse });
      return subjectOf(world, Object.assign(tool, breakage(tool, world)) as WriteTool, {});
    },
  };
}

/** The harness of a fake reading tool, broken in some way. */
export function reading(breakage: Breakage<FakeReadTool> = () => ({})): ContractHarness<ToolSubject> {
  return {
    capabilities: ['read'],
    create: () => {
      const world = new FakeWorld();
      world.add('web', 'old');
      const tool = new FakeReadTool('fake_read', () => ({ template: world.template('web') }));
      const change = { input: { name: 'web' }, invalidInputs: [{ name: 7 }] };
      return subjectOf(world, Object.assign(tool, breakage(tool, world)) as ReadTool, change);
    },
  };
}

const nameOf = (one: JsonObject): string => String(one['name']);

function freshLive(world: FakeWorld, live: LiveObject): LiveObject {
  return world.read(live.name) ?? live;
}

/** Tools that break a promise each. */
export const brokenTools: readonly BrokenImplementation<ToolSubject>[] = [
  {
    name: 'has a name in capitals and no description',
    harness: writing(() => ({ name: 'Set', description: '' })),
    fails: ['has a name of lower-case words and a description that says what it is for'],
  },
  {
    name: 'has an effect of its own',
    harness: writing(() => ({ effect: 'mutate' })),
    fails: ['names a known effect'],
  },
  {
    name: 'has a risk of its own',
    harness: writing(() => ({ risk: 'tiny' })),
    fails: ['names a known risk'],
  },
  {
    name: 'takes whatever it is given',
    harness: writing(() => ({ inputSchema: { type: 'object' } })),
    fails: [
      'takes an object of arguments and declares each of them',
      'refuses arguments that are wrong, unknown or missing',
    ],
  },
  {
    name: 'refuses its own arguments',
    harness: writing((tool) => ({ inputSchema: { ...tool.inputSchema, required: ['colour'] } })),
    fails: ['accepts its valid arguments'],
  },
  {
    name: 'writes while it reads, and answers nothing',
    harness: reading((_tool, world) => ({ execute: async () => world.edit('web', 'written by a read') })),
    fails: ['reads plain JSON without changing anything'],
  },
  {
    name: 'reads on after it was told to stop',
    harness: reading(() => ({ execute: async () => ({ late: true }) })),
    fails: ['gives up with an error when its signal is aborted'],
  },
  {
    name: 'touches nothing',
    harness: writing(() => ({ touches: () => [] })),
    fails: [
      'touches JSON pointers, at least one',
      'touches what another person would change',
      'touches what it changes itself',
    ],
  },
  {
    name: 'touches the status',
    harness: writing(() => ({ touches: () => ['/spec/template', '/status'] })),
    fails: ['touches nothing that moves by itself'],
  },
  {
    name: 'reads a target without a uid',
    harness: writing((tool) => {
      const read = tool.readTarget.bind(tool);
      return {
        readTarget: async (...call: Parameters<typeof read>) => {
          const found = await read(...call);
          return found === null ? null : { ...found, live: { ...found.live, uid: '' } };
        },
      };
    }),
    fails: [
      'reads the live target with kind, name, uid and resourceVersion',
      'reads another uid after the target was created anew',
    ],
  },
  {
    name: 'reads from a cache that forgets nothing',
    harness: writing((_tool, world) => {
      const cached = world.read('web');
      return { readTarget: async () => ({ cluster: 'fake', live: cached }) };
    }),
    fails: ['answers null for a target that does not exist'],
  },
  {
    name: 'writes while it previews, never twice the same',
    harness: writing((_tool, world) => ({
      preview: async () => {
        world.edit('web', 'previewed');
        return { kind: 'diff', text: String(Math.random()) };
      },
    })),
    fails: ['previews without writing anything', 'previews the same call the same way'],
  },
  {
    name: 'says that it wrote when it did not',
    harness: writing(() => ({ execute: async () => ({ ok: true, output: null }) })),
    fails: ['writes, and settles as done', 'settles as done also after the target moved on'],
  },
  {
    name: 'writes whatever the state',
    harness: writing((_tool, world) => ({
      execute: async (one: JsonObject, context: { live: LiveObject; runId: string }) =>
        world.write(freshLive(world, context.live), one['template'] ?? null, context.runId),
    })),
    fails: [
      'answers a conflict for a state that has moved, and writes nothing',
      'does not write to another object of the same name',
    ],
  },
  {
    name: 'takes any movement for its effect',
    harness: writing((_tool, world) => ({
      settle: async (one: JsonObject, { before }: { before: LiveObject }) =>
        world.read(nameOf(one))?.resourceVersion === before.resourceVersion ? 'not-done' : 'done',
    })),
    fails: [
      'settles as not done when nothing happened, also after the target moved',
      'never takes the effect of another run for its own',
      'never settles as done on another object of the same name',
    ],
  },
  {
    name: 'takes the wanted state for its effect',
    harness: writing((_tool, world) => ({
      settle: async (one: JsonObject) => {
        const live = world.read(nameOf(one));
        return live !== null && isSameJson(liveTemplate(live), one['template'] ?? null) ? 'done' : 'not-done';
      },
    })),
    fails: ['never takes an earlier effect of the same run for a later one'],
  },
  {
    name: 'has an inverse that does the same again',
    harness: writing((tool) => ({ inverse: (one: JsonObject) => ({ tool: tool.name, arguments: one }) })),
    fails: ['has an inverse that restores what it touched'],
  },
  {
    name: 'promises an inverse it does not have',
    harness: writing((tool) => ({ inverse: (one: JsonObject) => ({ tool: tool.name, arguments: one }) }), false),
    fails: ['answers null where nothing takes it back'],
  },
  {
    name: 'writes into the state it is given',
    harness: writing((tool) => {
      const execute = tool.execute.bind(tool);
      return {
        execute: async (...call: Parameters<typeof execute>) => {
          (call[1].live.object as { spec: { template: unknown } }).spec.template = call[0]['template'];
          return execute(...call);
        },
      };
    }),
    fails: ['leaves the state it is given as it is'],
  },
];
