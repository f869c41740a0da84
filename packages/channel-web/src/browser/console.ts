import { ApiFailure, callApi, serverNow } from './call-api.js';
import { connectJump, showApprovals } from './approvals-view.js';
import { connectChatInput, showChat } from './chat-view.js';
import { consoleActions } from './console-actions.js';
import { incidentOfEvent, loadHealth, loadLists, loadStory, takeEvent } from './console-loader.js';
import { emptyState } from './console-state.js';
import type { ConsoleState } from './console-state.js';
import { part } from './element.js';
import { tickTimes } from './format-time.js';
import { connectWrites, showHealth } from './health-view.js';
import { showIncidents } from './incident-list.js';
import { followStream } from './live-stream.js';
import { showLogin } from './login-view.js';
import { SpacedTask } from './spaced-task.js';
import { showStory } from './story-view.js';

// Together well within the API's limit of 60 requests a minute: 5 requests each 15 s, and 1 each 3 s.
const listsGapMs = 15_000;
const storyGapMs = 3_000;
// Health is not in the stream; it is not limited either.
const healthGapMs = 30_000;

interface Session {
  readonly actor: { readonly userId: string };
}

/** The page while somebody is logged in. */
class Console {
  private readonly state: ConsoleState;
  private readonly actions;
  private isRenderDue = false;
  private early: [string, unknown][] | null = [];
  private endStream: () => void = () => undefined;
  private readonly timers: ReturnType<typeof setInterval>[] = [];
  private readonly lists = new SpacedTask(() => this.load(() => this.loadAll()), listsGapMs);
  private readonly story = new SpacedTask(() => this.load(() => loadStory(this.state), 'story'), storyGapMs);

  constructor(name: string) {
    this.state = emptyState(name);
    this.actions = consoleActions({
      state: this.state,
      changed: () => this.render(),
      reloadHealth: () => loadHealth(this.state),
      failed: (error) => this.failed(error),
    });
  }

  run(): void {
    part('who').textContent = this.state.name;
    part('app').hidden = false;
    connectJump();
    connectChatInput((text) => this.actions.say(text));
    connectWrites(this.state, this.actions);
    part('logout').addEventListener(
      'click',
      () => void callApi('DELETE', '/api/session').finally(() => location.reload()),
    );
    window.addEventListener('hashchange', () => this.route());
    window.addEventListener('dogwatch-failure', (event) => this.failed((event as CustomEvent<unknown>).detail));
    window.addEventListener('keydown', (event) => {
      const isTyping = event.target instanceof HTMLInputElement;
      if (event.key === 'Escape' && !isTyping && this.state.storyId !== null) location.hash = '#/';
    });
    document.addEventListener('visibilitychange', () => this.wake());
    window.addEventListener('online', () => this.wake());
    this.endStream = followStream({
      connected: (isConnected) => this.connected(isConnected),
      received: (event, data) => this.received(event, data),
    });
    this.timers.push(setInterval(() => this.tick(), 1_000));
    this.timers.push(setInterval(() => void this.loadHealth(), healthGapMs));
    void this.loadHealth();
    this.route();
  }

  private connected(isConnected: boolean): void {
    this.state.connection = isConnected ? 'live' : this.state.hasLoaded ? 'lost' : 'connecting';
    this.state.lostSince = isConnected ? null : (this.state.lostSince ?? new Date(serverNow()).toISOString());
    // What was missed is not all in the stream: messages have no place in the log.
    if (isConnected) {
      this.lists.request();
      this.story.request();
      void this.loadHealth();
    }
    this.render();
  }

  private received(event: string, data: unknown): void {
    // A list that is still loading may be older than this.
    this.early?.push([event, data]);
    takeEvent(this.state, event, data);
    if (this.state.storyId !== null && incidentOfEvent(event, data) === this.state.storyId) this.story.request(300);
    this.render();
  }

  private async loadAll(): Promise<void> {
    this.early = [];
    await loadLists(this.state);
    for (const [event, data] of this.early ?? []) takeEvent(this.state, event, data);
    this.early = null;
  }

  private async load(work: () => Promise<void>, name?: string): Promise<void> {
    try {
      await work();
      if (name !== undefined) this.state.notes.delete(name);
    } catch (error) {
      if (name !== undefined) this.state.notes.set(name, (error as Error).message);
      this.failed(error);
      // A lost connection comes back with the stream; a limit says when to try again.
      const waitMs = error instanceof ApiFailure ? error.retryAfterMs : null;
      if (waitMs !== null) (name === undefined ? this.lists : this.story).holdFor(waitMs);
    }
    this.render();
  }

  private async loadHealth(): Promise<void> {
    if (document.hidden) return;
    await loadHealth(this.state).catch((error: unknown) => this.failed(error));
    this.render();
  }

  private wake(): void {
    if (document.hidden) return;
    void this.loadHealth();
    if (this.state.connection !== 'live') this.lists.request();
  }

  private route(): void {
    const id = /^#\/incident\/([^/]+)$/.exec(location.hash)?.[1];
    const storyId = id === undefined ? null : decodeURIComponent(id);
    if (storyId === this.state.storyId) return this.render();
    this.state.storyId = storyId;
    this.state.story = null;
    this.state.notes.delete('story');
    this.story.cancel();
    if (storyId !== null) void this.load(() => loadStory(this.state), 'story').then(() => this.focusStory());
    this.render();
  }

  private focusStory(): void {
    part('story').scrollIntoView({ block: 'start' });
    part('story-head').querySelector<HTMLElement>('h2')?.focus({ preventScroll: true });
  }

  private failed(error: unknown): void {
    if (!(error instanceof ApiFailure) || error.status !== 401) return;
    this.endStream();
    for (const timer of this.timers) clearInterval(timer);
    // A fresh page forgets what the last person saw.
    showLogin(() => location.reload());
  }

  private tick(): void {
    tickTimes();
    if (this.state.settledSeenAt.size > 0) this.render();
  }

  private render(): void {
    if (this.isRenderDue) return;
    this.isRenderDue = true;
    queueMicrotask(() => {
      this.isRenderDue = false;
      showApprovals(this.state, this.actions);
      showIncidents(this.state);
      showStory(this.state, this.actions, () => this.render());
      showChat(this.state, this.actions);
      showHealth(this.state);
    });
  }
}

async function begin(): Promise<void> {
  try {
    const { actor } = await callApi<Session>('GET', '/api/session');
    new Console(actor.userId).run();
  } catch (error) {
    if (error instanceof ApiFailure && error.status === 401) return showLogin(() => void begin());
    // The server is away; the page is of no use until it is back.
    part('away').hidden = false;
    setTimeout(() => location.reload(), 5_000);
  }
}

void begin();
