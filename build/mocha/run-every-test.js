// `node build/mocha/run-every-test.js` runs the suites of the real cluster, which mostly wait for it, beside all others, and
// prefixes each line with where it comes from. Ends with 1 when one of the two fails.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';

const here = import.meta.dirname;
const mocha = path.join(here, '../../node_modules/mocha/bin/mocha.js');
const lanes = { 'own servers': 'own-servers.cjs', 'real cluster': 'real-cluster.cjs' };

function run([name, config]) {
  const child = spawn(process.execPath, [mocha, '--config', path.join(here, config)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const [from, to] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ]) {
    createInterface({ input: from }).on('line', (line) => to.write(`${name} | ${line}\n`));
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ name, ending: code ?? signal }));
  });
}

const endings = await Promise.all(Object.entries(lanes).map(run));
for (const { name, ending } of endings)
  console.log(`Tests with ${name}: ${ending === 0 ? 'passed' : `FAILED (${ending})`}`);
process.exitCode = endings.every(({ ending }) => ending === 0) ? 0 : 1;
