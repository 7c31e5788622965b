/** A path in a config from its top: keys and list indexes. */
export type Path = readonly (string | number)[];

/** Reports what is wrong with the key or value at a path. */
export type Report = (path: Path, what: 'key' | 'value', message: string, suggestion?: string) => void;
