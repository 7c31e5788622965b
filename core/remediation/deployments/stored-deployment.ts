import * as z from 'zod';
import { ids, text, whole } from '../../vocabulary/stored-parts.ts';
import { storedRecord } from '../../vocabulary/stored-record.ts';
import type { DeploymentState } from './deployment.ts';

export const storedDeployment = storedRecord<DeploymentState>()(
  'deployment',
  1,
  z.object({
    name: text,
    breaker: z.enum(['closed', 'open', 'half-open']),
    openedAt: whole.optional(),
    inFlight: z.object({ requestId: text, incidentId: ids.incidentId, from: text, to: text, startedAt: whole }).optional(),
    rolledBackAt: z.array(whole),
    knownBad: z.array(z.object({ version: text, at: whole, incidentId: ids.incidentId })),
    sighting: z.object({ at: whole, main: text, revision: text.optional() }).optional(),
    served: z.array(z.object({ version: text, ms: whole, lastAt: whole })).optional(),
    lost: z.literal(true).optional(),
    version: whole,
  }),
);
