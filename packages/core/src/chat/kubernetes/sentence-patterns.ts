import type { AskPlace, AskTarget, KubernetesAsk } from './kubernetes-ask.js';
import { compilePattern } from './word-pattern.js';
import type { PatternSlots, WordPattern } from './word-pattern.js';

/** A way to say something, and what it then means. */
export interface SentencePattern {
  readonly pattern: WordPattern;
  /** Makes the ask of the filled slots; `null` when they do not make sense together. */
  make(slots: PatternSlots, place: AskPlace): KubernetesAsk | null;
}

const nothing: AskTarget = { kind: null, name: '', namespace: null };

function targetOf({ target }: PatternSlots): AskTarget {
  return target ?? nothing;
}

function patterns(sources: readonly string[], make: SentencePattern['make']): readonly SentencePattern[] {
  return sources.map((source) => ({ pattern: compilePattern(source), make }));
}

type ChangeArguments = (slots: PatternSlots) => Readonly<Record<string, string | number>>;

function change(
  tool: string,
  sources: readonly string[],
  read: ChangeArguments = () => ({}),
): readonly SentencePattern[] {
  return patterns(sources, (slots, place) => ({
    kind: 'change',
    tool,
    target: targetOf(slots),
    place,
    arguments: read(slots),
  }));
}

function changeOfKind(tool: string, kind: string, sources: readonly string[]): readonly SentencePattern[] {
  return patterns(sources, (slots, place) => {
    const target = targetOf(slots);
    if (target.kind !== null && target.kind !== kind) return null;
    return { kind: 'change', tool, target: { ...target, kind }, place, arguments: {} };
  });
}

const replicas: ChangeArguments = ({ number = 0 }) => ({ replicas: number });
const units = '[replica|replicas|pod|pods|instance|instances|copy|copies]';

const changes: readonly SentencePattern[] = [
  ...change(
    'k8s_scale_deployment',
    [
      `scale|upscale|downscale [up|down|out|in|back] <target> [up|down|back] [to|at|=] <number> ${units}`,
      'scale [up|down] <target> [up|down] to <number> replicas+each',
      'scale <target> --replicas <number>',
      `set [number+of] replicas [of|for] <target> [to|at] <number> ${units}`,
      `set <target> to <number> replica|replicas|pod|pods|instances|copies`,
      `set <target> replicas to <number>`,
      'increase|decrease|raise|lower|change [number+of] replicas of <target> to <number>',
      'run <number> replicas|copies|instances of <target>',
      'scale replicas of <target> to <number>',
    ],
    replicas,
  ),
  ...patterns(
    [
      'restart|bounce|recycle|redeploy <target>',
      'rollout restart <target>',
      'do rolling+restart|restart of <target>',
      'rolling restart of|for <target>',
      'trigger restart|rolling+restart|rollout+restart of|for <target>',
      'roll+restart <target>',
    ],
    (slots, place) => {
      const target = targetOf(slots);
      const tool =
        target.kind === 'Pod'
          ? 'k8s_restart_pod'
          : target.kind === 'Node'
            ? 'k8s_restart_node'
            : 'k8s_restart_deployment';
      return { kind: 'change', tool, target, place, arguments: {} };
    },
  ),
  ...change('k8s_rollback_deployment', [
    'roll+back|rollback <target> [to+previous+revision|to+previous+version|to+last+revision|to+last+version]',
    'roll <target> back [to+previous+revision|to+previous+version|to+last+revision|to+last+version]',
    'undo [last] rollout|deployment|release of <target>',
    'rollout undo <target>',
    'revert <target> to previous revision|version',
  ]),
  ...change(
    'k8s_rollback_deployment',
    [
      'roll+back|rollback|revert <target> to [revision|version] <number>',
      'roll <target> back to [revision|version] <number>',
      'rollout undo <target> --to-revision <number>',
    ],
    ({ number = 0 }) => ({ revision: number }),
  ),
  ...changeOfKind('k8s_drain_node', 'Node', ['drain|evacuate|empty <target>']),
  ...changeOfKind('k8s_cordon_node', 'Node', [
    'cordon <target>',
    'stop scheduling on <target>',
    'mark <target> unschedulable',
  ]),
  ...changeOfKind('k8s_uncordon_node', 'Node', ['uncordon <target>', 'mark <target> schedulable']),
  ...patterns(['reboot|restart|shut+down|power+off <target>'], (slots, place) => {
    const target = targetOf(slots);
    return target.kind === 'Node' || target.kind === null
      ? { kind: 'change', tool: 'k8s_restart_node', target: { ...target, kind: 'Node' }, place, arguments: {} }
      : null;
  }),
  ...patterns(['delete|kill|remove|force+delete|evict|destroy <target>'], (slots, place) => {
    const target = targetOf(slots);
    if (target.kind === null && target.name !== '') return null;
    const tool = target.kind === 'Pod' ? 'k8s_force_delete_pod' : 'k8s_delete_resource';
    return { kind: 'change', tool, target, place, arguments: {} };
  }),
  ...changeOfKind('k8s_exec_command', 'Pod', [
    'exec [into|in] <target>',
    'ssh into|to <target>',
    'open|get shell in|into <target>',
  ]),
  ...change(
    'k8s_update_image',
    ['set|change|update image of <target> to <word>', 'update <target> to image <word>', 'set image <target> <word>'],
    ({ word = '' }) => ({ image: word }),
  ),
];

const show =
  '[show|show+me|show+us|get|get+me|get+us|give+me|give+us|see|print|display|fetch|tail|read|check|view|let+me+see|what+are|what+is|list|tell+me]';

const logs = (isPrevious: boolean): SentencePattern['make'] => {
  return (slots, place) => ({ kind: 'logs', target: targetOf(slots), lines: slots.number ?? null, isPrevious, place });
};

const questions: readonly SentencePattern[] = [
  ...patterns(
    [
      `${show} logs|log [output] of|for|from <target>`,
      'logs|log|tail <target>',
      `${show} <target> logs|log`,
      `${show} [last] <number> lines|logs|log+lines [of+logs|of+log|of+logs+of|of+log+of|from|of|for] <target>`,
      `${show} last <number> lines of log|logs of|from|for <target>`,
      'logs|log [of|for|from] <target> <number> [lines]',
      'tail [logs|log] of <target>',
      `${show} [last] <number> lines of|from <target> logs|log`,
      `${show} last|latest|recent logs|log of|for|from <target>`,
      'what does <target> log|say',
      'what is|are <target> logging',
    ],
    logs(false),
  ),
  ...patterns(
    [
      `${show} previous|crashed|old logs|log of|for|from <target>`,
      `${show} logs|log of|for|from previous|crashed <target>`,
      'logs|log <target> previous|--previous|-p',
      `${show} logs|log of <target> before it|last crashed|crash|restart`,
    ],
    logs(true),
  ),
  ...patterns([`${show} events of|for|about|on <target>`, `${show} <target> events`], (slots, place) => ({
    kind: 'events-of',
    target: targetOf(slots),
    limit: null,
    place,
  })),
  ...patterns([`${show} last|latest <number> events of|for|about <target>`], (slots, place) => ({
    kind: 'events-of',
    target: targetOf(slots),
    limit: slots.number ?? null,
    place,
  })),
  ...patterns(
    [
      'describe|inspect|explain <target>',
      `${show} details|yaml|spec|manifest|description of|for|about <target>`,
      'tell+me+about|tell+me+more+about|what+about <target>',
    ],
    (slots, place) => ({ kind: 'describe', target: targetOf(slots), place }),
  ),
  ...patterns(['show|show+me|get|give+me|look+at|view <target>'], (slots, place) => {
    const target = targetOf(slots);
    // "show web" may mean anything; "show deployment web" does not.
    return target.kind === null ? null : { kind: 'describe', target, place };
  }),
  ...patterns(
    [
      `${show} [rollout] status|state|progress of|for <target>`,
      `${show} rollout [status] <target>`,
      'rollout status [of|for] <target>',
      'how is|goes rollout of <target> [going|doing]',
      'how is <target> rollout [going|doing]',
      'how is <target> [doing|going]',
      'is rollout of <target> done|complete|finished|over|stuck',
      'is <target> rolled out [yet]',
      `${show} <target> status|state`,
    ],
    (slots, place) => ({ kind: 'rollout-status', target: targetOf(slots), place }),
  ),
  ...patterns(
    [
      `${show} rollout+history|revisions|history|revision+history|versions of|for <target>`,
      'rollout history [of|for] <target>',
      `${show} <target> revisions|history|rollout+history`,
      'which|what revisions does <target> have',
    ],
    (slots, place) => ({ kind: 'rollout-history', target: targetOf(slots), place }),
  ),
  ...topPatterns('pods'),
  ...topPatterns('nodes'),
  ...patterns(
    ['what|who uses|is+using|eats|takes [most|so+much|all] memory|ram', 'what is using [up] [most] memory|ram'],
    (_slots, place) => ({ kind: 'top', of: 'pods', sort: 'memory', place }),
  ),
  ...patterns(
    ['what|who uses|is+using|eats|takes [most|so+much|all] cpu', 'what is using [up] [most] cpu'],
    (_slots, place) => ({ kind: 'top', of: 'pods', sort: 'cpu', place }),
  ),
  ...patterns(
    [
      '[show|list|get|show+me|which|what|what+are|how+many] [all] clusters|contexts [are] [there|known|connected|watched]',
      'which|what clusters|contexts do you watch|know|see',
      '[what|which] [is] current cluster|context',
      'current-context',
      '[config] get-contexts|current-context',
      'which|what cluster|context is this|current',
      'which|what cluster|context are we|you|i on|in|using|watching',
      'which|what cluster am i on|in|using',
    ],
    (_slots, place) => ({ kind: 'contexts', place }),
  ),
];

function topPatterns(of: 'pods' | 'nodes'): readonly SentencePattern[] {
  const one = of === 'pods' ? 'pod|pods|containers' : 'node|nodes';
  const make =
    (sort: 'cpu' | 'memory'): SentencePattern['make'] =>
    (_slots, place) => ({ kind: 'top', of, sort, place });
  return [
    ...patterns(
      [
        `top ${one} [by+cpu]`,
        `${show} top ${one} [by+cpu]`,
        `${show} [cpu|resource|cpu+and+memory] usage|use|consumption|load of|by|per|on ${one}`,
        `${show} ${one} usage|load`,
        `${show} ${one} cpu [usage|use|load]`,
        `which|what ${one} use|uses|are+using|is+using|need|needs [most] cpu`,
        `how much cpu do|does ${one} use|need`,
        `how busy are ${one}`,
        `${show} busiest ${one}`,
        `which|what ${one} are busiest|busy`,
        `${show} ${one} by cpu [usage]`,
      ],
      make('cpu'),
    ),
    ...patterns(
      [
        `top ${one} by memory|ram`,
        `${show} top ${one} by memory|ram`,
        `${show} memory|ram usage|use|consumption of|by|per|on ${one}`,
        `${show} ${one} memory|ram [usage|use|load]`,
        `which|what ${one} use|uses|are+using|is+using|need|needs|eat|eats [most] memory|ram`,
        `how much memory|ram do|does ${one} use|need`,
        `${show} ${one} by memory|ram [usage]`,
      ],
      make('memory'),
    ),
  ];
}

/** Ways to ask for a change; the whole sentence must be one of them. */
export const changePatterns: readonly SentencePattern[] = changes;

/** Ways to ask about one thing. */
export const questionPatterns: readonly SentencePattern[] = questions;
