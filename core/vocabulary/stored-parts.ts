import * as z from 'zod';
import type { AuditEntryId, ChangeId, EffectId, Fingerprint, GroupKey, IncidentId, RuleId } from './ids.ts';

/**
 * Parts that schemas of stored records share. They check no more than the types: the record was
 * validated before it was stored.
 */
export const text = z.string();
/** Ids are branded for the compiler only, so what reads them is what reads a text. */
const idOf = <T extends string>() => z.string() as unknown as z.ZodType<T, string>;
export const ids = {
  incidentId: idOf<IncidentId>(),
  fingerprint: idOf<Fingerprint>(),
  effectId: idOf<EffectId>(),
  ruleId: idOf<RuleId>(),
  auditEntryId: idOf<AuditEntryId>(),
  changeId: idOf<ChangeId>(),
  groupKey: idOf<GroupKey>(),
};
/** Milliseconds since the epoch, or a count. Always finite. */
export const whole = z.number();
/** A measured value. JSON writes infinity as null, and such a record must stay readable. */
export const measured = z.custom<number>((value) => typeof value === 'number' || value === null);
export const texts = z.record(z.string(), z.string());
