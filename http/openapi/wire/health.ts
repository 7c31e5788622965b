import * as z from 'zod';
import { troubleKinds } from '../../../core/selfcheck/vitals/rule-trouble.ts';
import { healthStatuses, selfReasons } from '../../../core/selfcheck/vitals/vitals.ts';
import { timeSchema } from '../../api/dto/time.ts';

const ageMs = z.number().nullable();

const reasonSchema = z
  .object({
    kind: z.enum([...selfReasons, ...troubleKinds]),
    text: z.string().describe('For a person.'),
    rule: z.string().optional().describe('The rule that it is about; left out behind a Function URL.'),
    rules: z
      .int()
      .optional()
      .describe('How many rules it is about, if several: a source that is down is one reason. `rule` is the first of them.'),
    registry: z.string().optional().describe('The model registry that it is about; left out behind a Function URL.'),
    since: timeSchema.optional(),
  })
  .meta({ id: 'HealthReason' });

const syntheticSchema = z
  .object({
    state: z.enum(['none yet', 'under way', 'arrived', 'late', 'missed', 'overdue']),
    beganAgeMs: ageMs,
    timeToPageMs: ageMs.describe('How long after its sample its page arrived; null while it has not.'),
  })
  .meta({ id: 'SyntheticState' });

/** Only on one machine: there, whoever can ask may know these. */
const onOneMachine = {
  openIncidents: z.int().optional(),
  labelsOfLastDay: z
    .object({
      unmatched: z.int().min(0).describe('Labels that found no prediction.'),
      corrected: z.int().min(0).describe('Labels that replaced another one.'),
    })
    .optional(),
  pagesOfLastWeek: z
    .array(z.object({ policy: z.string(), pages: z.int(), pagesAWeek: z.number() }))
    .optional()
    .describe('Of each policy with a budget: how often it paged in the last seven days, counted each hour.'),
  ignoredAlerts: z
    .array(z.object({ source: z.string(), count: z.int() }))
    .optional()
    .describe('Alerts that `ignore` of their source matched, since the service started.'),
  otlp: z
    .array(
      z.object({
        source: z.string(),
        streams: z.int(),
        series: z.int(),
        points: z.int(),
        refused: z.int().describe('Points that do not count.'),
        refusedBodies: z.int().describe('Bodies that could not be read, or are too large.'),
        why: z.string().optional().describe('Why the last ones were refused.'),
        notReceived: z.string().optional().describe('Why nothing is received now; it is tried again.'),
      }),
    )
    .optional()
    .describe('What OTLP sources have in memory, and what they took and refused since the service started.'),
  watchdogs: z
    .array(z.object({ source: z.string(), missing: z.boolean(), seenAgeMs: ageMs.describe('Null if it never came.') }))
    .optional()
    .describe('The sources that have to send a watchdog alert.'),
  tick: z.object({ rules: z.int(), series: z.int(), tookMs: z.number(), skipped: z.int() }).optional(),
  oldestDelivery: z.object({ id: z.string(), kind: z.string() }).optional(),
  consistencyCheck: z
    .object({ open: z.int(), repaired: z.int(), unrepaired: z.array(z.string()), stuck: z.array(z.string()) })
    .optional(),
};

export const healthSchema = z
  .object({
    status: z.enum(healthStatuses).describe('`failing`: rules are not judged at all, or nothing can be stored.'),
    at: timeSchema,
    rules: z.int().describe('Rules of the config.'),
    starting: z.int().describe('Rules that have not been evaluated yet: neither well nor ill.'),
    reasons: z.array(reasonSchema).describe('Everything that is not well.'),
    notes: z.array(reasonSchema).describe('What the config says is fine.'),
    lastTickAgeMs: ageMs.describe('Since when rules were last judged; null before the first time.'),
    lastSweepAgeMs: ageMs.describe('Of the sweep for what deadlines and deliveries have missed.'),
    lastConsistencyCheckAgeMs: ageMs.describe('Of the check that repairs incidents which have lost their next step.'),
    pages: z
      .object({ waiting: z.int().describe('Due.'), held: z.int().describe('Held until later.'), oldestAgeMs: ageMs })
      .nullable()
      .describe('Pages that no target has taken yet; null before the first count.'),
    oldestDeliveryAgeMs: ageMs.describe('Of the delivery that is due for longest; null when none waits.'),
    synthetic: syntheticSchema.optional().describe('Where the config asks for synthetic incidents.'),
    clockStep: z.object({ from: timeSchema, to: timeSchema }).optional().describe('The last step of the clock.'),
    ...onOneMachine,
  })
  .meta({ id: 'Health', description: 'How Tocsin itself is.' });
