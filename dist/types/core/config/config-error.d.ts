/** Where something is written; line and column count from 1, columns in UTF-16 units as editors do. */
export type Place = {
    file: string;
    line: number;
    column: number;
};
/** One thing that is wrong in the config: where, what, what was received, and what to do. */
export type ConfigError = Place & {
    /** The key that it is about, such as `rules.flight-accuracy.step`; empty when it is about a whole file. */
    path: string;
    message: string;
    /** The nearest valid name, when one is near. */
    suggestion?: string;
};
/** `file:line:column: message (did you mean "x"?)`, as editors and terminals make links of it. */
export declare function formatConfigError(error: ConfigError): string;
export type Path = readonly (string | number)[];
/** Takes what is wrong with the key or value at a path. */
export type Report = (path: Path, what: 'key' | 'value', message: string, suggestion?: string) => void;
/**
 * `rules.flight-accuracy.for`, `inhibitions[0].name`; keys with other characters are quoted, and control characters
 * escaped. A key that is a credential is left out.
 */
export declare function pathText(path: Path): string;
