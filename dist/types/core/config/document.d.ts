import type { ConfigError, Path, Place } from './config-error.ts';
export type ConfigFile = {
    path: string;
    text: string;
};
/** One YAML file, read, with a way back from its keys and values to where they are written. */
export type ConfigDocument = {
    file: string;
    /** Plain data; undefined when the file holds nothing but comments. */
    value: unknown;
    /** Place of the key or the value at a path; of the nearest thing around it when there is none. */
    placeOf(path: Path, what: 'key' | 'value'): Place;
};
/** Reads one YAML 1.2 file. Never throws; what cannot be used is an error with its place. */
export declare function readDocument(file: ConfigFile): {
    ok: true;
    document: ConfigDocument;
} | {
    ok: false;
    errors: ConfigError[];
};
