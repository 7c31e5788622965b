/** A path as a log may have it: what comes after these opens something to whoever reads it. */
export const loggedPath = (path: string): string => path.replace(/^\/(a|c|link)\/.*$/s, '/$1/...');
