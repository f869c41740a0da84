import type { SchemaOutput, StandardSchema } from '../config/standard-schema.js';
import type { AnyPort } from '../di/define-port.js';
import type { Registrar } from './registrar.js';

/** What a plugin says about itself. */
export interface PluginSpec<Config> {
  /** Unique in an app; the name of the package, with a suffix when a package has several plugins. */
  readonly id: string;
  /** The ports of others that the plugin's classes inject, those of core included; decides the order of start. */
  readonly requires?: readonly AnyPort[];
  /** The ports that the plugin binds for others. */
  readonly provides?: readonly AnyPort[];
  /** Those of `provides` where the plugin wins over another plugin that provides them too. */
  readonly replaces?: readonly AnyPort[];
  /** Binds and contributes; synchronous, without input or output. */
  register(registrar: Registrar, config: Config): void;
}

/** A plugin whose factory takes the validated output of a config schema. */
export interface ConfiguredPluginSpec<S extends StandardSchema> extends PluginSpec<SchemaOutput<S>> {
  /** The schema by which `loadConfig` validates the plugin's section. */
  readonly config: S;
}

/** A plugin with its config, ready to be listed in `createApp`. */
export interface Plugin {
  readonly id: string;
  readonly requires: readonly AnyPort[];
  readonly provides: readonly AnyPort[];
  readonly replaces: readonly AnyPort[];
  register(registrar: Registrar): void;
}

/** Makes the factory of a plugin. With `config`, the factory takes what the schema puts *out*: `loadConfig` has validated it already. */
export function definePlugin<S extends StandardSchema>(
  spec: ConfiguredPluginSpec<S>,
): (config: SchemaOutput<S>) => Plugin;
export function definePlugin(spec: PluginSpec<undefined> & { readonly config?: undefined }): () => Plugin;
export function definePlugin(spec: PluginSpec<unknown>): (config?: unknown) => Plugin {
  return (config) => ({
    id: spec.id,
    requires: spec.requires ?? [],
    provides: spec.provides ?? [],
    replaces: spec.replaces ?? [],
    register: (registrar) => spec.register(registrar, config),
  });
}
