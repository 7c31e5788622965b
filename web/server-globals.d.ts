/** The server's own modules, whose types the console reads, use it; the console has none. */
declare function setImmediate(callback: () => void): unknown;
