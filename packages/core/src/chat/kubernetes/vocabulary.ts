import type { ListedResource, StateFilter } from './kubernetes-ask.js';

type Words<T> = Readonly<Record<string, T>>;

function spell<T extends string>(table: Readonly<Record<T, string>>): Words<T> {
  const entries = Object.entries(table) as [T, string][];
  return Object.fromEntries(entries.flatMap(([meaning, words]) => words.split(' ').map((word) => [word, meaning])));
}

/** Words that say nothing about what is meant: they are left out before anything else is looked at. */
export const articles: ReadonlySet<string> = new Set(['the', 'a', 'an', 'my', 'our']);

/** Openings that ask the one who is spoken to to do something, longest first. */
export const requestOpenings: readonly string[] = [
  'i would like you to',
  "i'd like you to",
  'i would like to',
  'would you mind to',
  "i'd like to",
  'i want you to',
  'i need you to',
  'would you please',
  'could you please',
  'can you please',
  'will you please',
  'do me a favor and',
  'i want to',
  'i need to',
  'would you mind',
  'do you mind',
  'would you',
  'could you',
  'can you',
  'go ahead and',
  'please',
  'pls',
  'plz',
  'kindly',
];

/** Openings behind which a verb stands as in "would you mind restarting". */
export const gerundOpenings: ReadonlySet<string> = new Set(['would you mind', 'do you mind']);

/** The verbs of requests by that form. */
export const gerunds: Readonly<Record<string, string>> = Object.fromEntries(
  'restarting scaling rolling bouncing draining cordoning uncordoning deleting showing listing describing checking'
    .split(' ')
    .map((word) => [word, /(scal|bounc|delet|describ)ing$/.test(word) ? word.replace(/ing$/, 'e') : word.slice(0, -3)]),
);

/** Openings that ask for knowledge or leave, or speak of what people among themselves may do: reason to tell, never to change anything. */
export const inquiryOpenings: readonly string[] = [
  'can you tell me',
  'could you tell me',
  'do you know',
  'we need to',
  'we want to',
  'will you',
  'could we',
  'could i',
  'can we',
  'can i',
  'may we',
  'may i',
  'let us',
  "let's",
];

/** What else may stand before a sentence, longest first. */
export const smallOpenings: readonly string[] = [
  'good morning',
  'hey',
  'hi',
  'hello',
  'ok',
  'okay',
  'so',
  'now',
  'quickly',
  'just',
  'dogwatch',
  'also',
  'then',
  'kubectl',
];

/** What may stand behind a request, longest first. */
export const requestClosings: readonly string[] = ['if you can', 'please', 'asap', 'pls', 'plz'];

/** What else may stand behind a sentence, longest first. */
export const smallClosings: readonly string[] = [
  'thank you very much',
  'at the moment',
  'right now',
  'thank you',
  'currently',
  'for me',
  'for us',
  'thanks',
  'now',
  'again',
  'today',
  'then',
  'dogwatch',
];

/** What can be listed, by every word for it. */
export const resourceWords: Words<ListedResource> = spell({
  pods: 'pod pods po containers',
  deployments: 'deployment deployments deploy deploys workloads',
  nodes: 'node nodes',
  services: 'service services svc svcs',
  namespaces: 'namespace namespaces ns',
  events: 'event events ev warnings',
});

/** Words that nobody uses but for Kubernetes; the others need more than their own company. */
export const strongWords: ReadonlySet<string> = new Set(
  'pod pods po deployment deployments deploys namespace namespaces svc svcs'.split(' '),
);

/** States by their words. */
export const filterWords: Words<StateFilter> = spell({
  failing:
    'error errors errored erroring failed failing fail fails crash crashed crashing crashes crashloop crashlooping crashloopbackoff crash-looping broken oomkilled evicted imagepullbackoff errimagepull dead warning',
  unhealthy: 'unhealthy unready notready unavailable degraded down bad sick problematic troubled',
  pending: 'pending unscheduled unschedulable waiting starting',
  running: 'running healthy ready up available alive',
});

/** States that take several words. */
export const filterPhrases: readonly (readonly [string, StateFilter])[] = [
  ['up and running', 'running'],
  ['not up and running', 'unhealthy'],
  ['in a crash loop', 'failing'],
  ['in crash loop', 'failing'],
  ['in crashloopbackoff', 'failing'],
  ['in an error state', 'failing'],
  ['in error state', 'failing'],
  ['in error', 'failing'],
  ['with errors', 'failing'],
  ['with error', 'failing'],
  ['with status error', 'failing'],
  ['crash looping', 'failing'],
  ['not ready', 'unhealthy'],
  ["aren't ready", 'unhealthy'],
  ["isn't ready", 'unhealthy'],
  ["aren't running", 'unhealthy'],
  ['not healthy', 'unhealthy'],
  ['not running', 'unhealthy'],
  ['not available', 'unhealthy'],
  ['not up', 'unhealthy'],
  ['in trouble', 'unhealthy'],
  ['under pressure', 'unhealthy'],
  ['having problems', 'unhealthy'],
  ['having issues', 'unhealthy'],
  ['have problems', 'unhealthy'],
  ['with problems', 'unhealthy'],
  ['with issues', 'unhealthy'],
  ['not scheduled', 'pending'],
  ['stuck in pending', 'pending'],
  ['still pending', 'pending'],
];

/** What a question or an order to show something begins with, longest first. */
export const listOpeners: readonly string[] = [
  'give me list of',
  'show me list of',
  'show list of',
  'i want to see',
  'let me see',
  'what are',
  'what is',
  'how many',
  'are there',
  'are all',
  'is there',
  'do we have',
  'do you see',
  'have look at',
  'take look at',
  'have we got',
  'number of',
  'show me',
  'show us',
  'give me',
  'give us',
  'tell me',
  'look at',
  'status of',
  'state of',
  'show',
  'list',
  'ls',
  'get',
  'display',
  'print',
  'fetch',
  'find',
  'check',
  'see',
  'view',
  'which',
  'what',
  'count',
  'any',
  'only',
];

/** Small words inside a question that change nothing about it. */
export const fillers: ReadonlySet<string> = new Set(
  'all any are is that which there currently now have has been every still do we us me of status state list in-state with were was right moment'.split(
    ' ',
  ),
);

/** Kinds by their words; `null`: whatever runs under that name. */
export const kindWords: Words<string> = {
  ...spell({
    Pod: 'pod po container',
    Deployment: 'deployment deploy',
    Node: 'node',
    Service: 'service svc',
    StatefulSet: 'statefulset sts stateful-set',
    DaemonSet: 'daemonset ds daemon-set',
    ReplicaSet: 'replicaset rs',
    Job: 'job',
    CronJob: 'cronjob cj',
    ConfigMap: 'configmap cm',
    Secret: 'secret',
    Ingress: 'ingress ing',
    Namespace: 'namespace ns',
    PersistentVolumeClaim: 'pvc persistentvolumeclaim',
    PersistentVolume: 'pv persistentvolume',
    HorizontalPodAutoscaler: 'hpa autoscaler horizontalpodautoscaler',
    ServiceAccount: 'serviceaccount sa',
    NetworkPolicy: 'networkpolicy netpol',
    PodDisruptionBudget: 'pdb poddisruptionbudget',
    ResourceQuota: 'quota resourcequota',
  }),
};

const apiGroup = /\.(v\d[a-z0-9]*\.)?(apps|batch|autoscaling|policy|networking\.k8s\.io)$/;

/** `deployments.apps` without its API group. */
export function withoutApiGroup(word: string): string {
  return word.replace(apiGroup, '');
}

/** The kind that a word says, also as `kubectl` prints it (`deployments`, `deployment.apps`); `undefined` for no kind. */
export function kindOf(word: string): string | undefined {
  const name = withoutApiGroup(word);
  const found = [name, name.replace(/s$/, ''), name.replace(/es$/, '')].find((form) => Object.hasOwn(kindWords, form));
  return found === undefined ? undefined : kindWords[found];
}

/** Words for whatever runs under a name. */
export const workloadWords: ReadonlySet<string> = new Set(['workload', 'app', 'application']);

/** Words that are never the name of an object in a sentence. */
export const reservedWords: ReadonlySet<string> = new Set(
  [
    ...Object.keys(resourceWords),
    ...Object.keys(filterWords),
    ...Object.keys(kindWords),
    ...workloadWords,
    ...articles,
    ...fillers,
    ...'to in from of for on at by and or not no it its them their that this these those why when who how log logs line lines last previous up down back if then until before after because with without your his her you i he she they we everything anything something nothing'.split(
      ' ',
    ),
  ].filter((word) => word !== 'app'),
);
