import * as z from 'zod';
import { storedProfile } from '../../../telemetry/profiles/stored-profile.ts';
import { ids, text, texts, whole } from '../../../vocabulary/stored-parts.ts';
import { storedRecord } from '../../../vocabulary/stored-record.ts';
import type { AcceptedBaseline } from './accepted.ts';

export const storedAccepted = storedRecord<AcceptedBaseline>()(
  'accepted baseline',
  1,
  z.object({
    fingerprint: ids.fingerprint,
    ruleId: ids.ruleId,
    labels: texts,
    against: text,
    from: whole,
    to: whole,
    profile: storedProfile,
    at: whole,
    by: text,
    comment: text,
    version: whole,
  }),
);
