/** How much load and how much trouble. */
export interface ChaosPlan {
  readonly name: 'short' | 'long';
  readonly seed: number;
  /** Deployments that crash; each makes an incident that asks for one approval. */
  readonly crashLoops: number;
  readonly alerts: number;
  /** Alerts about one object are facets of one incident. */
  readonly alertsPerIncident: number;
  /** Between two kills of a replica. */
  readonly killEveryMs: number;
  /** How long a replica is frozen each time. */
  readonly frozenMs: number;
  /** How long everything is disturbed, at least. */
  readonly disturbMs: number;
  /** How long PostgreSQL is away each time. */
  readonly databaseAwayMs: number;
}

const short: Omit<ChaosPlan, 'seed'> = {
  name: 'short',
  crashLoops: 24,
  alerts: 300,
  alertsPerIncident: 10,
  killEveryMs: 5_000,
  frozenMs: 12_000,
  disturbMs: 25_000,
  databaseAwayMs: 2_000,
};

const long: Omit<ChaosPlan, 'seed'> = {
  name: 'long',
  crashLoops: 200,
  alerts: 2_000,
  alertsPerIncident: 20,
  killEveryMs: 4_000,
  frozenMs: 15_000,
  disturbMs: 150_000,
  databaseAwayMs: 6_000,
};

/** The short plan, or the long one with `DOGWATCH_TEST_CHAOS=long`; `DOGWATCH_TEST_SEED` repeats an earlier one. */
export function chaosPlan(env: Readonly<Record<string, string | undefined>>): ChaosPlan {
  const seed = Number(env['DOGWATCH_TEST_SEED'] ?? Math.floor(Math.random() * 1_000_000));
  const minutes = Number(env['DOGWATCH_TEST_CHAOS_MINUTES'] ?? Number.NaN);
  const plan = env['DOGWATCH_TEST_CHAOS'] === 'long' ? long : short;
  return { seed, ...plan, ...(minutes > 0 ? { disturbMs: minutes * 60_000 } : {}) };
}
