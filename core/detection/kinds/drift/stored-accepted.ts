import * as z from 'zod';
import { storedProfile } from '../../../telemetry/profiles/stored-profile.ts';
import { text, texts, whole } from '../../../vocabulary/stored-parts.ts';
import { storedRecord } from '../../../vocabulary/stored-record.ts';
import type { AcceptedBaseline } from './accepted.ts';

export const storedAccepted = storedRecord<AcceptedBaseline>()(
  'accepted baseline',
  1,
  z.object({
    fingerprint: text,
    ruleId: text,
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
