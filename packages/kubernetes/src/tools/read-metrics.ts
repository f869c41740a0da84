import { AppError } from '@dogwatch/core';
import type { ClusterClient, ClusterRequest } from '../client/cluster-client.js';
import { describeKubernetesFailure } from '../client/kubernetes-failure.js';
import type { RawList } from './raw-object.js';

/** Reads a list of the metrics API; says plainly where a cluster has none. */
export async function readMetrics<T>(
  client: ClusterClient,
  request: ClusterRequest,
  signal: AbortSignal,
): Promise<readonly T[]> {
  try {
    return (await client.json<RawList<T>>(request, signal)).items;
  } catch (error) {
    const { status } = describeKubernetesFailure(error);
    if (signal.aborted || (status !== 404 && status !== 503)) throw error;
    const what = status === 404 ? 'has no metrics API' : 'has a metrics API that does not answer';
    throw new AppError(
      'DW_KUBERNETES_METRICS_ABSENT',
      `Cluster '${client.name}' ${what}, so nobody knows what its pods and nodes use. Install metrics-server.`,
      { cause: error },
    );
  }
}

const cpuUnits: Readonly<Record<string, number>> = { n: 1e-6, u: 1e-3, m: 1, '': 1_000 };
const memoryUnits: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 1_024,
  Mi: 1_048_576,
  Gi: 1_073_741_824,
  Ti: 1_099_511_627_776,
};

function readQuantity(text: string | undefined, units: Readonly<Record<string, number>>): number {
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(text ?? '') ?? [];
  const factor = units[unit];
  return digits === '' || factor === undefined ? 0 : Math.round(Number(digits) * factor);
}

/** What something uses right now. */
export interface RawUsage {
  readonly cpu?: string;
  readonly memory?: string;
}

/** Thousandths of a core. */
export function cpuMillicores(usage: RawUsage): number {
  return readQuantity(usage.cpu, cpuUnits);
}

/** Bytes. */
export function memoryBytes(usage: RawUsage): number {
  return readQuantity(usage.memory, memoryUnits);
}
