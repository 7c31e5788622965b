import * as z from 'zod';

/** A time as senders write it. */
export const recordTimeSchema = z
  .union([z.string(), z.number()])
  .meta({ id: 'RecordTime', description: 'ISO 8601 text such as `2026-01-05T09:00:00Z`, or milliseconds since the epoch.' });
