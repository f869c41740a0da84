const variable = 'DOGWATCH_SOAK_MINUTES';

/** How long a soak runs: `DOGWATCH_SOAK_MINUTES`, or what the soak itself thinks right. */
export function soakMinutes(env: Readonly<Record<string, string | undefined>>, usual: number): number {
  const text = env[variable];
  if (text === undefined || text === '') return usual;
  const minutes = Number(text);
  if (!(minutes > 0)) throw new Error(`${variable} is '${text}'. Give a number of minutes above 0.`);
  return minutes;
}
