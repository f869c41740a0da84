import { AppError } from '../errors/app-error.js';
import type { StandardSchema } from './standard-schema.js';

/** Environment variables by name, each with the path that it sets: `{ DOGWATCH_PORT: 'port', TLS_CERT: 'tls.cert' }`. */
export type VariablePaths = Readonly<Record<string, string>>;

/** What one part of the configuration is called, holds, and is set by. */
export interface ConfigSectionSpec<S extends StandardSchema> {
  /** The top-level key in the YAML file. */
  readonly name: string;
  readonly schema: S;
  /** The variables that win over the YAML file. Each one may also be given as `NAME_FILE`, the path of a file that holds the value. */
  readonly env?: VariablePaths;
  /** As `env`, for what no message may show. */
  readonly secrets?: VariablePaths;
}

/** One part of the configuration; is a schema itself, so that `definePlugin` takes it as `config`. */
export interface ConfigSection<Input, Output> extends StandardSchema<Input, Output> {
  readonly name: string;
  readonly schema: StandardSchema<Input, Output>;
  readonly env: VariablePaths;
  readonly secrets: VariablePaths;
}

type SchemaTypes<S extends StandardSchema> = NonNullable<S['~standard']['types']>;

/** Defines one part of the configuration. */
export function defineConfigSection<S extends StandardSchema>(
  spec: ConfigSectionSpec<S>,
): ConfigSection<SchemaTypes<S>['input'], SchemaTypes<S>['output']> {
  const env = spec.env ?? {};
  const secrets = spec.secrets ?? {};
  const twice = Object.keys(env).filter((variable) => Object.hasOwn(secrets, variable));
  if (twice.length > 0) {
    throw new AppError(
      'DW_CONFIG_SECTION_INVALID',
      `Section '${spec.name}' lists ${twice.join(', ')} in env and in secrets. List a variable once.`,
    );
  }
  return { name: spec.name, schema: spec.schema, env, secrets, '~standard': spec.schema['~standard'] };
}

/** Says whether a schema was made by `defineConfigSection`. */
export function isConfigSection(schema: StandardSchema): schema is ConfigSection<unknown, unknown> {
  return 'schema' in schema && 'secrets' in schema && 'env' in schema;
}
