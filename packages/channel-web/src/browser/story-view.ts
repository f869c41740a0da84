import type { IncidentProblem } from '@dogwatch/core';
import type { ConsoleActions } from './console-actions.js';
import type { ConsoleState, IncidentStory } from './console-state.js';
import { tellStory } from './describe-event.js';
import type { StoryLine } from './describe-event.js';
import { button, element, part } from './element.js';
import { clockTime, relativeTime, withClockTimes } from './format-time.js';
import { patchList } from './patch-list.js';
import { runElement } from './run-view.js';
import { capitalized, countWords, eventTypeWords, placeWords } from './wording.js';

let closing: string | null = null;

/** Shows one incident: how it is, what was done, and all that happened. */
export function showStory(state: ConsoleState, actions: ConsoleActions, changed: () => void): void {
  const isShown = state.storyId !== null;
  part('story').hidden = !isShown;
  part('lists').hidden = isShown;
  if (!isShown) {
    closing = null;
    return;
  }
  const { story, storyId } = state;
  // The stream and the answers to presses are quicker than the next load of the story.
  const loaded = story?.id === storyId ? { ...story, ...state.incidents.get(story.id) } : null;
  const note = state.notes.get(`incident/${storyId}`) ?? state.notes.get('story') ?? null;
  const isBusy = state.busy.has(`incident/${storyId}`);
  const head = { id: storyId, note, isBusy, closing, summary: loaded && headOf(loaded), isLoaded: loaded !== null };
  patchList(part('story-head'), [head], {
    key: () => 'head',
    signature: (facts) => JSON.stringify(facts),
    build: () => headElement({ story: loaded, note, isBusy }, actions, changed),
  });
  part('story-body').hidden = loaded === null;
  if (loaded !== null) showBody(state, loaded, actions);
}

function headOf({ id, title, severity, status, problems, resolvedAt }: IncidentStory): object {
  return { id, title, severity, status, problems, resolvedAt };
}

interface Head {
  readonly story: IncidentStory | null;
  readonly note: string | null;
  readonly isBusy: boolean;
}

function headElement({ story, note, isBusy }: Head, actions: ConsoleActions, changed: () => void): HTMLElement {
  const back = element('a', { href: '#/', class: 'back', 'data-focus': 'back' }, '← All incidents');
  const told = note !== null && element('p', { class: 'note', role: 'alert' }, note);
  if (story === null) return element('div', {}, back, note === null ? element('p', {}, 'Loading…') : told);
  return element(
    'div',
    { class: `card severity-${story.severity}` },
    back,
    element(
      'header',
      {},
      element('span', { class: `badge severity-${story.severity}` }, capitalized(story.severity)),
      element('h2', { tabindex: -1, 'data-focus-next': true }, story.title),
      element('span', { class: `state is-${story.status}` }, story.status),
    ),
    element('p', { class: 'place' }, placeWords({ ...story.resource, ...story })),
    element('ul', { class: 'problems' }, ...story.problems.map(problemElement)),
    story.status !== 'resolved' && incidentActions(story, { isBusy, changed }, actions),
    told,
  );
}

function problemElement(problem: IncidentProblem): HTMLElement {
  return element(
    'li',
    { class: problem.active ? 'active' : 'over' },
    element('strong', {}, eventTypeWords(problem.eventType)),
    ` · ${problem.active ? '' : 'over · '}${countWords(problem.count)} · since ${clockTime(problem.since)} · `,
    relativeTime(problem.since),
    element('p', {}, problem.message),
  );
}

function incidentActions(
  story: IncidentStory,
  { isBusy, changed }: { readonly isBusy: boolean; readonly changed: () => void },
  actions: ConsoleActions,
): HTMLElement {
  const setClosing = (id: string | null): void => {
    closing = id;
    changed();
  };
  if (closing === story.id) {
    return element(
      'div',
      { class: 'actions' },
      element('span', {}, 'Close it although the trouble may last?'),
      button('Close incident', () => (setClosing(null), actions.close(story.id)), {
        class: 'reject',
        'data-focus': 'close',
      }),
      button('Keep it open', () => setClosing(null)),
    );
  }
  return element(
    'div',
    { class: 'actions' },
    story.status === 'open' &&
      button('Acknowledge', () => actions.acknowledge(story.id), { disabled: isBusy, 'data-focus': 'acknowledge' }),
    button('Close…', () => setClosing(story.id), { disabled: isBusy, 'data-focus': 'close' }),
  );
}

function showBody(state: ConsoleState, story: IncidentStory, actions: ConsoleActions): void {
  const runs = story.runs.map((run) => ({
    run: state.runs.get(run.id) ?? run,
    approvals: story.approvals.filter(({ runId }) => runId === run.id),
    canUndo: canUndo(story, run.id),
    isBusy: state.busy.has(`run/${run.id}`),
    note: state.notes.get(`run/${run.id}`) ?? null,
  }));
  part('story-runs-part').hidden = runs.length === 0;
  patchList(part('story-runs'), runs, {
    key: ({ run }) => run.id,
    signature: (shown) => JSON.stringify(shown),
    build: (shown) => runElement(shown, actions),
  });
  patchList(
    part('story-timeline'),
    tellStory(story.timeline).map((line, index) => ({ line, key: `${story.id}/${index}` })),
    { key: ({ key }) => key, signature: ({ line }) => JSON.stringify(line), build: ({ line }) => lineElement(line) },
  );
}

/** A run that did something that can be taken back, and has not been taken back. */
function canUndo({ runs, timeline }: IncidentStory, runId: string): boolean {
  const run = runs.find(({ id }) => id === runId);
  if (run === undefined || run.endedAt === null || run.undoOf !== null) return false;
  const isUndone = runs.some(({ undoOf, status }) => undoOf === runId && (status === 'succeeded' || !isOver(status)));
  const didSomething = timeline.some(
    ({ type, data }) => type === 'step-intended' && data['runId'] === runId && (data['inverse'] ?? null) !== null,
  );
  return didSomething && !isUndone;
}

function isOver(status: string): boolean {
  return status !== 'planned' && status !== 'waiting' && status !== 'running';
}

function lineElement({ at, until, tone, what, detail }: StoryLine): HTMLElement {
  return element(
    'li',
    { class: `tone-${tone}` },
    element(
      'p',
      { class: 'when' },
      clockTime(at),
      until === null ? '' : ` – ${clockTime(until)}`,
      ' · ',
      relativeTime(until ?? at),
    ),
    element('p', { class: 'what' }, what),
    detail !== '' && element('p', { class: 'detail' }, withClockTimes(detail)),
  );
}
