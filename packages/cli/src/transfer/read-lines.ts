import { createReadStream } from 'node:fs';

/**
 * The lines of a file, split at line feeds alone: what readline takes for ends of lines besides, such as U+2028, stands
 * inside of JSON texts.
 */
export async function* readLines(file: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(file, { encoding: 'utf8' }) as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() as string;
    yield* lines;
  }
  if (rest !== '') yield rest;
}
