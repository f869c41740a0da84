import { callApi } from './call-api.js';

/** What comes of a stream. */
export interface StreamListener {
  /** After `false` events may have been missed until the next `true`. */
  connected(isConnected: boolean): void;
  received(event: 'incident' | 'approval' | 'run' | 'message', data: unknown): void;
}

const events = ['incident', 'approval', 'run', 'message'] as const;
const longestPauseMs = 15_000;

/** Follows `GET /api/stream`, and tries for ever to get it back. Answers how to end it. */
export function followStream(listener: StreamListener): () => void {
  let source: EventSource | null = null;
  let retry: ReturnType<typeof setTimeout> | null = null;
  let pauseMs = 1_000;

  const open = (): void => {
    source = new EventSource('/api/stream');
    source.onopen = () => {
      pauseMs = 1_000;
      listener.connected(true);
    };
    source.onerror = () => {
      listener.connected(false);
      // A browser tries again by itself after a lost connection, but not after an answer such as 503.
      if (source?.readyState !== EventSource.CLOSED) return;
      retry = setTimeout(open, pauseMs);
      pauseMs = Math.min(longestPauseMs, pauseMs * 2);
      // This is how an ended session is told from a server that is away: 401 leads back to the login.
      callApi('GET', '/api/session').catch((error: unknown) => reportSession(error));
    };
    for (const event of events) {
      source.addEventListener(event, (message) => listener.received(event, JSON.parse(message.data as string)));
    }
  };

  open();
  return () => {
    if (retry !== null) clearTimeout(retry);
    source?.close();
  };
}

function reportSession(error: unknown): void {
  window.dispatchEvent(new CustomEvent('dogwatch-failure', { detail: error }));
}
