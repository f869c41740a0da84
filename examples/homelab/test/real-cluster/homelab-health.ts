import type { JsonObject } from '@dogwatch/core';
import { until } from '../homelab-process.js';
import type { HomelabOnCluster } from './homelab-on-cluster.js';

/** One line of `GET /health`. */
export interface HealthLine {
  readonly status: string;
  readonly message: string;
}

/** A line of the app's health. */
export async function healthLine(homelab: HomelabOnCluster, name: string): Promise<HealthLine> {
  const { checks } = await homelab.process.get<JsonObject & { checks: Record<string, HealthLine> }>('/health');
  const line = checks[name];
  if (line === undefined) throw new Error(`/health has no line '${name}'.`);
  return line;
}

/** Waits until a line of the app's health has a status. */
export function untilHealth(
  homelab: HomelabOnCluster,
  wanted: { readonly name: string; readonly status: string; readonly withinMs?: number },
): Promise<HealthLine> {
  return until(
    `/health says that '${wanted.name}' is ${wanted.status}`,
    async () => {
      const line = await healthLine(homelab, wanted.name);
      return line.status === wanted.status && line;
    },
    wanted.withinMs === undefined ? {} : { timeoutMs: wanted.withinMs },
  );
}
