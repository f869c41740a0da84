import type { ServerResponse } from 'node:http';

/** How a request is refused: an answer 503, or a closed connection. */
export type RefusalMode = '503' | 'close';

/** Lets the API server hang (connections are taken, nothing is answered) or refuse everything. */
export class Outage {
  #mode: 'none' | 'hang' | RefusalMode = 'none';
  #held: (() => void)[] = [];

  hang(): void {
    this.#mode = 'hang';
  }

  refuse(mode: RefusalMode): void {
    this.#mode = mode;
  }

  /** Ends the outage; held requests are answered now, if their clients still wait. */
  resume(): void {
    this.#mode = 'none';
    for (const proceed of this.#held.splice(0)) proceed();
  }

  /** Lets a request through, holds it, or refuses it. */
  admit(response: ServerResponse, proceed: () => void): void {
    if (this.#mode === 'none') proceed();
    else if (this.#mode === 'hang') this.#held.push(() => (response.destroyed ? undefined : proceed()));
    else if (this.#mode === 'close') response.destroy();
    else
      response.writeHead(503, { 'content-type': 'text/plain', 'retry-after': '1' }).end('apiserver is shutting down\n');
  }
}
