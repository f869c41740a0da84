#!/usr/bin/env node
import { runCli } from './run-cli.js';

runCli(process.argv.slice(2), { env: process.env, out: process.stdout, err: process.stderr }).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
  },
);
