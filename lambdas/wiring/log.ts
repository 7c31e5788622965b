import type { Log } from '../../app/ports.ts';

/** With Lambda's JSON log format one call is one record with `level`, `requestId` and this object as its `message`. */
export const log: Log = (level, message, fields = {}) => console[level]({ message, ...fields });
