import type { SimulatedCluster } from '@dogwatch/testkit';

/** One line of a watch. */
export interface WatchLine {
  readonly type: string;
  readonly object: { code?: number; metadata: { name?: string; resourceVersion: string }; [field: string]: unknown };
}

/** Reads a watch line by line. */
export class WatchReader {
  readonly lines: WatchLine[] = [];
  #wake: () => void = () => undefined;
  /** How the watch ended: by the server's end, or by an error. */
  ending: 'open' | 'ended' | 'broken' = 'open';

  private constructor(body: ReadableStream<Uint8Array>) {
    void this.#read(body);
  }

  static async open(cluster: SimulatedCluster, path: string): Promise<WatchReader> {
    const response = await fetch(`${cluster.url}${path}`, { headers: { authorization: `Bearer ${cluster.token}` } });
    if (response.status !== 200 || !response.body) throw new Error(`The watch was answered with ${response.status}.`);
    return new WatchReader(response.body);
  }

  /** Waits until the lines read so far are as wanted. */
  async until(isEnough: (lines: readonly WatchLine[]) => boolean): Promise<readonly WatchLine[]> {
    while (!isEnough(this.lines)) {
      if (this.ending !== 'open') throw new Error(`The watch ended with ${JSON.stringify(this.lines)}.`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    return this.lines;
  }

  async untilEnd(): Promise<readonly WatchLine[]> {
    while (this.ending === 'open') await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.lines;
  }

  names(): string[] {
    return this.lines.map(({ type, object }) => `${type} ${object.metadata.name ?? '-'}`);
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    let rest = '';
    try {
      for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
        const pieces = (rest + chunk).split('\n');
        rest = pieces.pop() ?? '';
        this.lines.push(...pieces.map((piece) => JSON.parse(piece) as WatchLine));
        this.#wake();
      }
      this.ending = 'ended';
    } catch {
      this.ending = 'broken';
    }
    this.#wake();
  }
}
