import { readFileSync } from 'node:fs';
import { KubeConfig } from '@kubernetes/client-node';
import { AppError } from '@dogwatch/core';
import type { ClusterConnection } from '../config.js';

/** What connecting needs besides the configuration. */
export interface ConnectionMeans {
  /** The kubeconfig of the simulated cluster, as text or object; the composition root knows it. */
  readonly simulatedKubeconfig?: string | object | undefined;
  readonly isInPod: boolean;
}

/** A cluster's name with what a client needs to call it. */
export interface ConnectedCluster {
  readonly name: string;
  readonly kubeConfig: KubeConfig;
}

/**
 * Makes the client's configuration of one cluster, without calling it. Throws `DW_KUBERNETES_CONFIG_INVALID`, which names file and
 * context. The user's own default kubeconfig is never touched.
 */
export function connectCluster(connection: ClusterConnection, means: ConnectionMeans): ConnectedCluster {
  switch (connection.source) {
    case 'simulated':
      return { name: connection.name ?? 'simulated', kubeConfig: simulated(means) };
    case 'in-cluster':
      return { name: connection.name ?? 'in-cluster', kubeConfig: inCluster(means) };
    case 'kubeconfig': {
      const kubeConfig = fromFile(connection);
      return { name: connection.name ?? kubeConfig.getCurrentContext(), kubeConfig };
    }
  }
}

function simulated({ simulatedKubeconfig }: ConnectionMeans): KubeConfig {
  if (simulatedKubeconfig === undefined) {
    throw invalid(
      'DOGWATCH_CLUSTER is simulated, but this app brings no simulated cluster. Set DOGWATCH_KUBECONFIG to the kubeconfig of a cluster.',
    );
  }
  const text = typeof simulatedKubeconfig === 'string' ? simulatedKubeconfig : JSON.stringify(simulatedKubeconfig);
  return checked(parse(text, 'of the simulated cluster'), 'of the simulated cluster', null);
}

function inCluster({ isInPod }: ConnectionMeans): KubeConfig {
  if (!isInPod) {
    throw invalid(
      'DOGWATCH_CLUSTER is in-cluster, but KUBERNETES_SERVICE_HOST is not set: this is no pod. Run Dogwatch in the cluster, or set DOGWATCH_KUBECONFIG.',
    );
  }
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromCluster();
  return kubeConfig;
}

function fromFile({ kubeconfig, context }: ClusterConnection): KubeConfig {
  if (kubeconfig === null) throw invalid('No kubeconfig is named. Set DOGWATCH_KUBECONFIG to its path.');
  try {
    readFileSync(kubeconfig);
  } catch (cause) {
    const reason =
      (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (cause as Error).message;
    throw invalid(`The kubeconfig '${kubeconfig}' cannot be read: ${reason}. Check DOGWATCH_KUBECONFIG.`, cause);
  }
  const kubeConfig = new KubeConfig();
  try {
    kubeConfig.loadFromFile(kubeconfig);
  } catch (cause) {
    throw invalid(`The kubeconfig '${kubeconfig}' is none: ${(cause as Error).message}.`, cause);
  }
  return checked(kubeConfig, `'${kubeconfig}'`, context);
}

function parse(text: string, which: string): KubeConfig {
  const kubeConfig = new KubeConfig();
  try {
    kubeConfig.loadFromString(text);
  } catch (cause) {
    throw invalid(`The kubeconfig ${which} is none: ${(cause as Error).message}.`, cause);
  }
  return kubeConfig;
}

function checked(kubeConfig: KubeConfig, which: string, context: string | null): KubeConfig {
  const known = kubeConfig.getContexts().map(({ name }) => `'${name}'`);
  const list = known.join(', ') || 'none';
  const wanted: string | undefined = context ?? kubeConfig.getCurrentContext();
  if (!wanted) {
    throw invalid(`The kubeconfig ${which} names no current context. Set DOGWATCH_CONTEXT to one of: ${list}.`);
  }
  const found = kubeConfig.getContextObject(wanted);
  if (!found) throw invalid(`The kubeconfig ${which} has no context '${wanted}'. It has: ${list}.`);
  const cluster = kubeConfig.getCluster(found.cluster);
  if (!cluster) {
    throw invalid(`The kubeconfig ${which} has no cluster '${found.cluster}', which its context '${wanted}' names.`);
  }
  if (!kubeConfig.getUser(found.user)) {
    throw invalid(`The kubeconfig ${which} has no user '${found.user}', which its context '${wanted}' names.`);
  }
  const server = URL.canParse(cluster.server) ? new URL(cluster.server) : null;
  if (!server || !['http:', 'https:'].includes(server.protocol)) {
    throw invalid(`The kubeconfig ${which} gives cluster '${cluster.name}' the server '${cluster.server}', no URL.`);
  }
  if (server.protocol === 'http:' && !cluster.skipTLSVerify) {
    throw invalid(
      `The kubeconfig ${which} gives cluster '${cluster.name}' a server without TLS. Use https, or say insecure-skip-tls-verify: true beside it.`,
    );
  }
  kubeConfig.setCurrentContext(wanted);
  return kubeConfig;
}

function invalid(message: string, cause?: unknown): AppError {
  return new AppError('DW_KUBERNETES_CONFIG_INVALID', message, cause === undefined ? {} : { cause });
}
