import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { DemoScenario } from './demo-scenario.js';
import { SimulatedCluster, type SimulatedClusterOptions } from './simulated-cluster.js';

const USAGE = `Usage: main.js [--data FOLDER] [--port 0] [--scenario none|demo] [--speed 1] [--token TEXT] [--durable]
               [--kubeconfig FILE] [--until-stdin-ends]
Each of data, port, scenario, speed and token can also be set as SIMULATED_CLUSTER_DATA and so on.`;

interface MainOptions extends SimulatedClusterOptions {
  readonly scenario: string;
  readonly kubeconfigFile: string | undefined;
  readonly endsWithStdin: boolean;
}

function readNumber(name: string, text: string, isValid: (value: number) => boolean): number {
  const value = Number(text);
  if (text.trim() !== '' && isValid(value)) return value;
  throw new Error(`--${name} is '${text}', which is not a valid value.`);
}

function readOptions(): MainOptions {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      port: { type: 'string' },
      scenario: { type: 'string' },
      speed: { type: 'string' },
      token: { type: 'string' },
      kubeconfig: { type: 'string' },
      durable: { type: 'boolean' },
      'until-stdin-ends': { type: 'boolean' },
    },
  });
  const setting = (name: 'data' | 'port' | 'scenario' | 'speed' | 'token'): string | undefined =>
    values[name] ?? process.env[`SIMULATED_CLUSTER_${name.toUpperCase()}`];
  const scenario = setting('scenario') ?? 'none';
  if (scenario !== 'none' && scenario !== 'demo') throw new Error(`--scenario is '${scenario}'. Known: none, demo.`);
  return {
    dataDir: setting('data'),
    port: readNumber('port', setting('port') ?? '0', (port) => Number.isInteger(port) && port >= 0 && port < 65_536),
    speed: readNumber('speed', setting('speed') ?? '1', (speed) => speed > 0 && Number.isFinite(speed)),
    token: setting('token'),
    isDurable: values.durable === true,
    scenario,
    kubeconfigFile: values.kubeconfig,
    endsWithStdin: values['until-stdin-ends'] === true,
  };
}

async function main(): Promise<void> {
  const { scenario, kubeconfigFile, endsWithStdin, ...options } = readOptions();
  const cluster = await SimulatedCluster.start(options);
  if (scenario === 'demo') DemoScenario.start(cluster);
  if (kubeconfigFile !== undefined) writeFileSync(kubeconfigFile, cluster.kubeconfigText(), { mode: 0o600 });
  const stop = (): void => void cluster.close().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (endsWithStdin) process.stdin.once('end', stop).once('error', stop).resume();
  console.log(JSON.stringify({ url: cluster.url, token: cluster.token, kubeconfig: cluster.kubeconfig() }));
}

main().catch((error: unknown) => {
  console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  process.exitCode = 1;
});
