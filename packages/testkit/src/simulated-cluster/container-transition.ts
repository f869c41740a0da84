import { randomUUID } from 'node:crypto';
import type { ClusterOccurrence } from './event-recorder.js';
import { formatTime } from './kube-object.js';
import type { ContainerScript } from './container-script.js';
import type { ContainerSpec, ContainerStatus, Pod } from './workload-objects.js';

/** What is known of a container when its next step is worked out. */
export interface ContainerSituation {
  readonly pod: Pod;
  readonly container: ContainerSpec;
  readonly status: ContainerStatus;
  readonly script: ContainerScript;
  /** Crashes that the back-off still remembers. */
  readonly crashes: number;
  readonly pullAttempts: number;
}

/** The next step in a container's life. */
export interface ContainerTransition {
  readonly name: 'pull-failed' | 'start' | 'restart' | 'ready' | 'end' | 'back-off';
  /** Simulated milliseconds after the container got into its present state. */
  readonly afterMs: number;
  /** Changes the draft of the container's status and says what the kubelet reports about it. */
  apply(draft: ContainerStatus, nowMs: number): Omit<ClusterOccurrence, 'component'>[];
}

const START_MS = 800;
const RESTART_MS = 500;
/** A process that ends sooner is never seen ready. */
const NOTICE_MS = 1000;

/** The kubelet's back-off before the restart after this many earlier crashes: none, 10 s, doubling up to 5 minutes. */
export function backOffMs(crashes: number): number {
  return crashes === 0 ? 0 : Math.min(300_000, 10_000 * 2 ** (crashes - 1));
}

function formatDuration(durationMs: number): string {
  const seconds = Math.round(durationMs / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}

function podText(pod: Pod): string {
  return `${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`;
}

function start(situation: ContainerSituation, name: 'start' | 'restart', afterMs: number): ContainerTransition {
  const { container, script } = situation;
  return {
    name,
    afterMs,
    apply(draft, nowMs) {
      if (name === 'restart') draft.restartCount += 1;
      if (draft.state.terminated) draft.lastState = { terminated: draft.state.terminated };
      draft.state = { running: { startedAt: formatTime(nowMs) } };
      draft.containerID = `containerd://${randomUUID().replaceAll('-', '').repeat(2)}`;
      draft.imageID = `${container.image}@sha256:simulated`;
      draft.started = true;
      draft.ready = script.readyAfterMs === 0 && (script.ending === 'never' || script.endsAfterMs >= NOTICE_MS);
      const message = `Container image "${container.image}" already present on machine`;
      return [
        { type: 'Normal', reason: 'Pulled', message },
        { type: 'Normal', reason: 'Created', message: `Created container: ${container.name}` },
        { type: 'Normal', reason: 'Started', message: `Started container ${container.name}` },
      ];
    },
  };
}

function failPull({ container }: ContainerSituation, afterMs: number): ContainerTransition {
  const { image } = container;
  const cause = `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`;
  return {
    name: 'pull-failed',
    afterMs,
    apply(draft) {
      draft.state = { waiting: { reason: 'ErrImagePull', message: cause } };
      return [
        { type: 'Normal', reason: 'Pulling', message: `Pulling image "${image}"` },
        { type: 'Warning', reason: 'Failed', message: `Failed to pull image "${image}": ${cause}` },
        { type: 'Warning', reason: 'Failed', message: 'Error: ErrImagePull' },
      ];
    },
  };
}

function backOffPull({ container }: ContainerSituation): ContainerTransition {
  return {
    name: 'back-off',
    afterMs: NOTICE_MS,
    apply(draft) {
      const message = `Back-off pulling image "${container.image}"`;
      draft.state = { waiting: { reason: 'ImagePullBackOff', message } };
      return [
        { type: 'Normal', reason: 'BackOff', message },
        { type: 'Warning', reason: 'Failed', message: 'Error: ImagePullBackOff' },
      ];
    },
  };
}

function end({ script }: ContainerSituation): ContainerTransition {
  return {
    name: 'end',
    afterMs: script.endsAfterMs,
    apply(draft, nowMs) {
      const finishedAt = formatTime(nowMs);
      const startedAt = draft.state.running?.startedAt ?? finishedAt;
      const reason = script.ending === 'oom' ? 'OOMKilled' : script.exitCode === 0 ? 'Completed' : 'Error';
      const exitCode = script.ending === 'oom' ? 137 : script.exitCode;
      draft.state = { terminated: { exitCode, reason, startedAt, finishedAt, containerID: draft.containerID ?? '' } };
      draft.ready = false;
      draft.started = false;
      return [];
    },
  };
}

function backOff({ pod, container, crashes }: ContainerSituation): ContainerTransition {
  const message = `back-off ${formatDuration(backOffMs(crashes))} restarting failed container=${container.name} pod=${podText(pod)}`;
  return {
    name: 'back-off',
    afterMs: RESTART_MS,
    apply(draft) {
      if (draft.state.terminated) draft.lastState = { terminated: draft.state.terminated };
      draft.state = { waiting: { reason: 'CrashLoopBackOff', message } };
      const text = `Back-off restarting failed container ${container.name} in pod ${podText(pod)}`;
      return [{ type: 'Warning', reason: 'BackOff', message: text }];
    },
  };
}

function afterWaiting(situation: ContainerSituation, reason: string): ContainerTransition | null {
  const isMissing = situation.script.isImageMissing;
  switch (reason) {
    case 'CrashLoopBackOff':
      return start(situation, 'restart', backOffMs(situation.crashes));
    case 'ErrImagePull':
      return isMissing ? backOffPull(situation) : start(situation, 'start', START_MS);
    case 'ImagePullBackOff':
      return isMissing
        ? failPull(situation, backOffMs(situation.pullAttempts))
        : start(situation, 'start', backOffMs(situation.pullAttempts));
    default:
      return isMissing ? failPull(situation, START_MS) : start(situation, 'start', START_MS);
  }
}

function afterRunning(situation: ContainerSituation): ContainerTransition | null {
  const { script, status } = situation;
  const { readyAfterMs } = script;
  const isEnding = script.ending !== 'never';
  if (
    !status.ready &&
    readyAfterMs !== null &&
    (!isEnding || (readyAfterMs < script.endsAfterMs && script.endsAfterMs >= NOTICE_MS))
  ) {
    return {
      name: 'ready',
      afterMs: readyAfterMs,
      apply(draft) {
        draft.ready = true;
        return [];
      },
    };
  }
  return isEnding ? end(situation) : null;
}

function isRestarted({ pod, status }: ContainerSituation): boolean {
  const policy = pod.spec.restartPolicy ?? 'Always';
  return policy === 'Always' || (policy === 'OnFailure' && status.state.terminated?.exitCode !== 0);
}

/** Works out what happens to a container next, and when; `null` when it stays as it is. */
export function nextTransition(situation: ContainerSituation): ContainerTransition | null {
  const { state } = situation.status;
  if (state.running) return afterRunning(situation);
  if (state.waiting) return afterWaiting(situation, state.waiting.reason);
  if (!isRestarted(situation)) return null;
  return situation.crashes === 0 ? start(situation, 'restart', RESTART_MS) : backOff(situation);
}
