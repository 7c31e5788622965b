import * as z from 'zod';
import { measured, text, whole } from '../../vocabulary/stored-parts.ts';
import { storedRecord } from '../../vocabulary/stored-record.ts';
import { type Heartbeat, runOutcomes } from './heartbeat.ts';

export const storedHeartbeat = storedRecord<Heartbeat>()(
  'heartbeat',
  1,
  z.object({
    name: text,
    schedule: text,
    since: whole,
    goneAt: whole.optional(),
    backAt: whole.optional(),
    beganAt: whole.optional(),
    succeeded: z.object({ beganAt: whole, endedAt: whole }).optional(),
    runs: z.array(
      z.object({
        id: text.optional(),
        startedAt: whole.optional(),
        progress: z.object({ done: measured, at: whole, movedAt: whole }).optional(),
        endedAt: whole.optional(),
        outcome: z.enum(runOutcomes).optional(),
        exitCode: whole.optional(),
        log: text.optional(),
      }),
    ),
    version: whole,
  }),
);
