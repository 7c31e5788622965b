import type { z } from 'zod';
import { type ConfigError, type Path } from './config-error.ts';
import type { Merged } from './merge.ts';
type Issue = z.core.$ZodIssue;
/** What validation found, as errors that a person can act on: each with its place, one for each thing that is wrong. */
export declare function explainIssues(issues: readonly Issue[], merged: Merged): ConfigError[];
export declare function valueAt(value: unknown, path: Path): unknown;
export {};
