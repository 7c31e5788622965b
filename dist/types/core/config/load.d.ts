import { type ConfigError, formatConfigError } from './config-error.ts';
import { type ConfigFile } from './document.ts';
import { type Config } from './schema.ts';
export { type ConfigError, type ConfigFile, formatConfigError };
export type LoadedConfig = {
    ok: true;
    config: Config;
} | {
    ok: false;
    errors: ConfigError[];
};
/**
 * Reads, merges and checks config files. Either the config is complete and every name in it leads somewhere, or all
 * errors are given, each with its file, line and column, in the order in which they are written. Checks come in stages
 * (YAML, shape, references), and a stage is only reached once the one before it finds nothing, for a name that could not
 * be read would make every reference to it an error as well. Never throws.
 *
 * @param files YAML texts in the order in which lists of several files are to be appended.
 * @param runbooks The runbooks that rules may link to, by name.
 */
export declare function loadConfig(files: readonly ConfigFile[], runbooks: ReadonlySet<string> | readonly {
    name: string;
}[]): LoadedConfig;
