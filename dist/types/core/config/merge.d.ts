import { type ConfigError, type Path, type Place } from './config-error.ts';
import type { ConfigDocument } from './document.ts';
/** Several files as one config, with a way back to the file that each part is from. */
export type Merged = {
    value: Record<string, unknown>;
    placeOf(path: Path, what: 'key' | 'value'): Place;
};
/**
 * Puts the top-level sections of all files together: mappings are united, and a name in two files is an error that names
 * both places; lists are appended in the order of the files. A section without content is as if it were not there.
 */
export declare function mergeDocuments(documents: readonly ConfigDocument[]): {
    merged: Merged;
    errors: ConfigError[];
};
export declare function isMapping(value: unknown): value is Record<string, unknown>;
