import { randomBytes } from 'node:crypto';
import { AccessRules, type DenialRule } from './access-rules.js';
import { ApiServer } from './api-server.js';
import { answerControl, type ClusterControls } from './control-routes.js';
import { injectFault, type FaultRequest } from './fault-request.js';
import type { KubeManifest, KubeObject } from './kube-object.js';
import { ObjectListing } from './object-listing.js';
import { Outage, type RefusalMode } from './outage.js';
import { RequestLog, type LoggedRequest } from './request-log.js';
import { ResourceRoutes } from './resource-routes.js';
import { Simulation, typeOf } from './simulation.js';
import { systemTimers, type SimulationTimers } from './simulation-clock.js';
import { waitForObject, type ObjectQuery } from './object-wait.js';
import { WatchStreams } from './watch-stream.js';
import { WorldFile, type ScenarioState } from './world-file.js';

/** How a simulated cluster is started; everything has a default. */
export interface SimulatedClusterOptions {
  /** 0 = any free port. */
  readonly port?: number | undefined;
  /** Where the world is saved; absent: in memory only. */
  readonly dataDir?: string | undefined;
  /** Saves before a write is answered, so that a killed process has lost nothing that it confirmed. */
  readonly isDurable?: boolean | undefined;
  /** How many times faster than real the cluster's own durations pass. */
  readonly speed?: number | undefined;
  readonly timers?: SimulationTimers | undefined;
  readonly bookmarkIntervalMs?: number | undefined;
  /** How many changes a watch can reach back. */
  readonly maxHistory?: number | undefined;
  readonly nodeNames?: readonly string[] | undefined;
  /** The bearer token that clients need; absent: the saved one, else a random one. */
  readonly token?: string | undefined;
}

/** A kubeconfig, as an object. */
export interface Kubeconfig {
  readonly apiVersion: 'v1';
  readonly kind: 'Config';
  readonly clusters: readonly { name: string; cluster: { server: string; 'insecure-skip-tls-verify': boolean } }[];
  readonly users: readonly { name: string; user: { token: string } }[];
  readonly contexts: readonly { name: string; context: { cluster: string; user: string; namespace: string } }[];
  readonly 'current-context': string;
}

const NAME = 'simulated';

/** A small Kubernetes cluster in one process: a real HTTP API server, controllers, and containers that follow scripts. */
export class SimulatedCluster implements ClusterControls {
  readonly simulation: Simulation;
  readonly token: string;
  readonly #access = new AccessRules();
  readonly #outage = new Outage();
  readonly #log = new RequestLog();
  readonly #listing: ObjectListing;
  readonly #watches: WatchStreams;
  readonly #server: ApiServer;
  readonly #file: WorldFile | null;
  #scenario: ScenarioState | null = null;
  #url = '';

  private constructor(options: SimulatedClusterOptions) {
    const { timers = systemTimers, speed = 1, maxHistory = 20_000, dataDir } = options;
    const simulation = (this.simulation = new Simulation({ timers, speed, maxHistory }));
    const { store, history, faults } = simulation;
    this.#file =
      dataDir === undefined
        ? null
        : new WorldFile(dataDir, simulation, () => ({ token: this.token, scenario: this.#scenario }));
    const saved = this.#file?.load() ?? null;
    this.token = options.token ?? saved?.token ?? randomBytes(24).toString('base64url');
    this.#scenario = saved?.scenario ?? null;
    store.onChange(() => this.#file?.markDirty());
    faults.onChange(() => this.#file?.markDirty());
    this.#listing = new ObjectListing(store);
    this.#watches = new WatchStreams(store, history, options.bookmarkIntervalMs ?? 60_000);
    const { isDurable = false } = options;
    this.#server = new ApiServer({
      token: this.token,
      routes: new ResourceRoutes({ simulation, listing: this.#listing, watches: this.#watches, access: this.#access }),
      access: this.#access,
      outage: this.#outage,
      log: this.#log,
      control: (request) => answerControl(this, request),
      persist: () => (isDurable ? this.#file?.flush() : undefined),
    });
    if (saved) simulation.resume();
    else simulation.furnish(options.nodeNames ?? ['node-1', 'node-2']);
  }

  /** Starts a cluster: the saved world when there is one, else an empty cluster with two nodes. */
  static async start(options: SimulatedClusterOptions = {}): Promise<SimulatedCluster> {
    const cluster = new SimulatedCluster(options);
    cluster.#url = await cluster.#server.listen(options.port ?? 0);
    return cluster;
  }

  get url(): string {
    return this.#url;
  }

  /** Every request that reached the API server, oldest first. */
  get requests(): readonly LoggedRequest[] {
    return this.#log.requests;
  }

  /** How many watches are open. */
  get watchCount(): number {
    return this.#watches.count;
  }

  /** Where a demo stands; written by the scenario, saved with the world. */
  get scenario(): ScenarioState | null {
    return this.#scenario;
  }

  set scenario(state: ScenarioState | null) {
    this.#scenario = state;
    this.#file?.markDirty();
  }

  kubeconfig(): Kubeconfig {
    return {
      apiVersion: 'v1',
      kind: 'Config',
      // Clients refuse plain HTTP unless they are told not to verify TLS; the server listens on this machine only.
      clusters: [{ name: NAME, cluster: { server: this.#url, 'insecure-skip-tls-verify': true } }],
      users: [{ name: NAME, user: { token: this.token } }],
      contexts: [{ name: NAME, context: { cluster: NAME, user: NAME, namespace: 'default' } }],
      'current-context': NAME,
    };
  }

  /** The kubeconfig as the text of a file (JSON, which is YAML too). */
  kubeconfigText(): string {
    return `${JSON.stringify(this.kubeconfig(), null, 2)}\n`;
  }

  clearRequests(): void {
    this.#log.clear();
  }

  /** Creates or replaces an object past the rules for clients: the status counts too, a missing namespace is made. */
  apply(manifest: KubeManifest): KubeObject {
    return this.simulation.apply(manifest);
  }

  /** Reads an object; `undefined` when there is none. */
  get(query: ObjectQuery): KubeObject | undefined {
    return this.simulation.store.get(typeOf(query), query);
  }

  /** Lists the objects of a kind, of one namespace or of all. */
  list(query: Omit<ObjectQuery, 'name'>): KubeObject[] {
    return this.simulation.store.list(typeOf(query), query.namespace);
  }

  /** Deletes an object the way a DELETE request does. */
  delete(query: ObjectQuery): void {
    this.simulation.deletion.delete(typeOf(query), query);
  }

  /** Waits until an object is as wanted (`undefined` = it does not exist), by watching, and answers with it. */
  waitFor<T extends KubeObject = KubeObject>(
    query: ObjectQuery,
    isWanted: (object: T | undefined) => boolean,
    timeoutMs = 10_000,
  ): Promise<T> {
    return waitForObject(this.simulation.store, query, { isWanted, timeoutMs });
  }

  injectFault(fault: FaultRequest): void {
    injectFault(this.simulation, fault);
  }

  setNodeReady(name: string, isReady: boolean): void {
    this.simulation.setNodeReady(name, isReady);
  }

  /** Takes rights away (403); replaces what was denied before, an empty list allows everything. */
  deny(rules: readonly DenialRule[]): void {
    this.#access.deny(rules);
  }

  /** Cuts the connection of every open watch. */
  dropWatches(): void {
    this.#watches.drop();
  }

  /** Takes connections and answers nothing, watches fall silent, until `resume()`. */
  hang(): void {
    this.#outage.hang();
    this.#watches.pause();
  }

  /** Refuses every request and cuts the watches, until `resume()`. */
  refuse(mode: RefusalMode = '503'): void {
    this.#outage.refuse(mode);
    this.#watches.drop();
  }

  /** Ends `hang()` and `refuse()`; held requests are answered now. */
  resume(): void {
    this.#outage.resume();
    this.#watches.resume();
  }

  /** Forgets the history: watches and list pages from before get 410. */
  compact(): void {
    this.simulation.history.compact();
    this.#listing.compact();
  }

  /** Stops everything and saves the world. */
  async close(): Promise<void> {
    this.simulation.stop();
    this.#outage.resume();
    await this.#server.close();
    this.#file?.flush();
  }
}
