// `node build/programs/run-programs.js <bench|soak> [--root <folder>] [name …]` runs each built `*.<kind>.js` in a process
// of its own and prints what the programs measured. A missed aim is shown, not punished: only a broken program fails.
import { fork } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { renderMeasurements } from './render-measurements.js';

class UsageError extends Error {}

function findPrograms(kind, root) {
  const suffix = `.${kind}.js`;
  const folder = path.join(root, kind, 'dist');
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(suffix)) : [];
  if (files.length === 0) throw new UsageError(`'${kind}' has no program: write a '${kind}/<name>.${kind}.ts'.`);
  return new Map(files.sort().map((file) => [file.slice(0, -suffix.length), path.join(folder, file)]));
}

function choose(programs, names) {
  const unknown = names.filter((name) => !programs.has(name));
  if (unknown.length === 0) return names.length === 0 ? [...programs.keys()] : names;
  throw new UsageError(`No program is named '${unknown.join("', '")}'. Known: ${[...programs.keys()].join(', ')}.`);
}

function run(name, file) {
  return new Promise((resolve) => {
    const measurements = [];
    const child = fork(file, [], { execArgv: ['--enable-source-maps', '--expose-gc'] });
    child.on('message', (message) => {
      if (message?.type === 'measurement') measurements.push({ ...message, name: `${name}: ${message.name}` });
    });
    child.on('close', (code, signal) => resolve({ measurements, ending: signal ?? code }));
  });
}

async function main() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { root: { type: 'string' } } });
  const [kind, ...names] = positionals;
  const programs = findPrograms(kind, values.root ?? path.resolve(import.meta.dirname, '../..'));
  const measurements = [];
  const failures = [];
  for (const name of choose(programs, names)) {
    console.log(`--- ${name}`);
    const result = await run(name, programs.get(name));
    measurements.push(...result.measurements);
    if (result.ending !== 0) failures.push(`${name} ended with ${result.ending}.`);
    else if (kind === 'bench' && result.measurements.length === 0) failures.push(`${name} measured nothing.`);
  }
  if (measurements.length > 0) console.log(`\n${renderMeasurements(measurements)}`);
  for (const failure of failures) console.error(failure);
  return failures.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
