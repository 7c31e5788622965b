import { type ConfigError } from './config-error.ts';
import type { Merged } from './merge.ts';
import { type Config } from './schema.ts';
/** The runbook that alerts about a rule itself link to. */
export declare const sourceFailingRunbook = "source-failing";
/** Everything that is wrong between parts of a config each of which is right by itself. */
export declare function checkReferences(config: Config, merged: Merged, runbooks: ReadonlySet<string>): ConfigError[];
