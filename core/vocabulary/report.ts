/** A place in a config, from its top: keys, and numbers of items. */
export type Path = readonly (string | number)[];

/** Takes what is wrong with the key or value at a path. */
export type Report = (path: Path, what: 'key' | 'value', message: string, suggestion?: string) => void;
