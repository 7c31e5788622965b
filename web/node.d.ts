/**
 * Types of answers lead the compiler into files that run in Node. Nothing of the console may call
 * this.
 */
declare function setImmediate(run: (value: undefined) => void): unknown;
