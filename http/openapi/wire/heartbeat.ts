import * as z from 'zod';
import { heartbeatStates } from '../../../core/alerting/heartbeats/heartbeat.ts';

export const heartbeatTakenSchema = z
  .object({
    heartbeat: z.string(),
    state: z.enum(heartbeatStates).describe('As it was understood: an exit code is a `success` or a `fail`.'),
    counted: z.boolean().describe('false: it says nothing that was not known.'),
  })
  .meta({ id: 'HeartbeatTaken' });
