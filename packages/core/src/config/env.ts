/** Environment variables by name; what is not set is absent or undefined. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Answers the environment variables of this process. */
export function processEnvironment(): Environment {
  return process.env;
}
