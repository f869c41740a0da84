import { Watch, type KubeConfig } from '@kubernetes/client-node';
import type { Clock, Timer } from '@dogwatch/core';
import { failureOfStatus, KubernetesResponseError } from '../client/kubernetes-failure.js';

/** One watch request. */
export interface WatchSessionOptions {
  readonly kubeConfig: KubeConfig;
  readonly clock: Clock;
  readonly path: string;
  readonly query: Readonly<Record<string, string | number | boolean | undefined>>;
  /** How long the API server may take to accept the watch. */
  readonly connectTimeoutMs: number;
  /** How long the watch may last; the API server ends it before that by `timeoutSeconds`, or it hangs. */
  readonly lifetimeMs: number;
  /** The API server has accepted the watch. */
  readonly onOpen: () => void;
  /** ADDED, MODIFIED, DELETED, BOOKMARK and what else may come; never ERROR. Must not throw. */
  readonly onEvent: (type: string, object: unknown) => void;
}

/**
 * Runs one watch on the client's `Watch` until the API server ends it; rejects when it fails, hangs, tells an in-stream ERROR or the
 * signal aborts. Nothing comes to `onEvent` afterwards, and its connection is gone.
 */
export function runWatchSession(options: WatchSessionOptions, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const session = new WatchSession(options, (error) => {
      signal.removeEventListener('abort', onAbort);
      if (error === null) resolve();
      else reject(error);
    });
    const onAbort = (): void => session.end(signal.reason as Error);
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    session.begin();
  });
}

interface Destroyable {
  destroy(): void;
}

class WatchSession {
  private hasEnded = false;
  private isOpen = false;
  private timer: Timer | null = null;
  private agent: Destroyable | null = null;
  private controller: AbortController | null = null;

  constructor(
    private readonly options: WatchSessionOptions,
    private readonly settle: (error: Error | null) => void,
  ) {}

  begin(): void {
    const { clock, connectTimeoutMs, path, query } = this.options;
    this.timer = clock.setTimer(
      () => this.end(new Error(`the API server did not accept the watch within ${connectTimeoutMs / 1000} s`)),
      connectTimeoutMs,
    );
    const watch = new Watch(this.capturingConfig());
    watch
      .watch(
        path,
        query,
        (type, object) => this.take(type, object),
        (error) => this.end(asError(error)),
      )
      .then(
        (controller) => this.opened(controller),
        (error: unknown) => this.end(asError(error)),
      );
  }

  end(error: Error | null): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.timer?.cancel();
    this.controller?.abort();
    this.agent?.destroy();
    this.settle(error);
  }

  private opened(controller: AbortController): void {
    this.controller = controller;
    if (this.hasEnded) return controller.abort();
    this.isOpen = true;
    this.timer?.cancel();
    const { clock, lifetimeMs, onOpen } = this.options;
    this.timer = clock.setTimer(
      () => this.end(new Error(`the watch did not end by itself within ${lifetimeMs / 1000} s: the API server hangs`)),
      lifetimeMs,
    );
    onOpen();
  }

  private take(type: string, object: unknown): void {
    if (this.hasEnded) return;
    if (type === 'ERROR') return this.end(new KubernetesResponseError(failureOfStatus(object, null)));
    if (!this.isOpen) return;
    this.options.onEvent(type, object);
  }

  /**
   * The client answers the means to abort only after the API server has answered it; until then the connection can be ended
   * through its agent alone.
   */
  private capturingConfig(): KubeConfig {
    const { kubeConfig } = this.options;
    const config: Pick<KubeConfig, 'getCurrentCluster' | 'applyToFetchOptions'> = {
      getCurrentCluster: () => kubeConfig.getCurrentCluster(),
      applyToFetchOptions: async (fetchOptions) => {
        const applied = await kubeConfig.applyToFetchOptions(fetchOptions);
        this.agent = applied.agent as unknown as Destroyable;
        if (this.hasEnded) throw new Error('the watch was given up before it began');
        return applied;
      },
    };
    return config as KubeConfig;
  }
}

function asError(error: unknown): Error | null {
  if (error === null || error === undefined) return null;
  return error instanceof Error ? error : new Error(String(error));
}
