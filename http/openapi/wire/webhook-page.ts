import * as z from 'zod';
import { pageReasons } from '../../../core/response/paging/posted.ts';
import { changeKinds } from '../../../core/telemetry/changes/change.ts';
import { incidentCostSchema } from '../../api/dto/incident-cost.ts';
import { timeSchema } from '../../api/dto/time.ts';
import { categorySchema, labelsSchema, severitySchema } from '../../api/dto/words.ts';

const reason = z.enum(pageReasons).describe('Why it is sent; `why` says it in words.');
const status = z.enum(['waiting', 'triggered', 'acknowledged', 'resolved']);

const alertSchema = z
  .object({
    fingerprint: z.string(),
    rule: z.string(),
    title: z.string(),
    labels: labelsSchema,
    severity: severitySchema,
    state: z.enum(['firing', 'muted', 'resolved']),
    since: timeSchema,
    judgedAt: timeSchema.optional().meta({ description: 'When `reason` and the numbers were judged.' }),
    unjudged: z
      .object({ since: timeSchema, reason: z.string() })
      .optional()
      .describe('It could not be judged since then; the numbers are those of `judgedAt`.'),
    reason: z.string(),
    value: z.number().optional(),
    baseline: z.number().optional(),
    degradation: z.number().optional().describe('A fraction of the baseline; positive is worse.'),
    bound: z.number().optional(),
    owner: z.string().optional(),
    runbook: z.string(),
    muted: z.string().optional().describe('Why nobody is paged about it.'),
    cut: z.string().optional().describe('What of an alert that another system posts is kept shorter than it was sent.'),
  })
  .meta({ id: 'PagedAlert' });

const heldSchema = z
  .object({
    incident: z.string(),
    title: z.string(),
    status,
    severity: severitySchema,
    reason,
    why: z.string(),
    since: timeSchema,
    resolvedAt: timeSchema.optional(),
    tier: z.int(),
    url: z.string(),
  })
  .meta({ id: 'HeldPage', description: 'Another page to the same target that was held back and travels with this one.' });

const incidentSchema = z.object({
  id: z.string(),
  status,
  severity: severitySchema,
  category: categorySchema,
  title: z.string(),
  since: timeSchema,
  labels: labelsSchema,
  owner: z.string().optional(),
  acknowledgedBy: z.string().optional(),
  resolvedBy: z.string().optional(),
  resolveReason: z.string().optional(),
  flapping: z.string().optional().describe('Its alerts come and go, such as `fired 4 times in 36m`.'),
  url: z.string(),
  runbookUrl: z.string().optional(),
});

export const webhookPageSchema = z
  .object({
    version: z.literal(1).describe('Grows only when a receiver written for 1 could misread the body.'),
    kind: z.literal('page'),
    key: z.string().describe('The same on every attempt, as `Tocsin-Key` is.'),
    at: timeSchema,
    decidedAt: timeSchema
      .optional()
      .meta({ description: 'When it was decided to send it; `why` is of then, the alerts are of `at`.' }),
    reason,
    why: z.string(),
    target: z.string().describe('Such as `responder/ana` or `channel/ml`.'),
    tier: z.int(),
    incident: incidentSchema,
    acknowledgeUrl: z
      .string()
      .optional()
      .describe('A POST to it acknowledges, as this contact; opened in a browser it asks first. Whoever has it may.'),
    chart: z
      .object({ url: z.string(), alt: z.string() })
      .optional()
      .describe('The chart of the worst alert as a PNG, which is drawn when it is fetched; `alt` is the same in a line.'),
    whatChanged: z
      .array(z.object({ id: z.string(), at: timeSchema, kind: z.enum(changeKinds), text: z.string() }))
      .max(3)
      .describe('What others say was changed before it began, or since; the latest first.'),
    costs: z
      .array(incidentCostSchema)
      .optional()
      .describe('What it has cost since it began, of each source that says what is at stake.'),
    causes: z
      .array(z.object({ fingerprint: z.string(), title: z.string(), where: z.string().optional(), reasons: z.array(z.string()) }))
      .describe('At most 3, the likeliest first.'),
    related: z.array(z.object({ id: z.string(), title: z.string(), why: z.string(), url: z.string() })),
    alerts: z.array(alertSchema).max(10).describe('The worst first; `alertCount` counts all.'),
    alertCount: z.int(),
    rollback: z.object({ name: z.string(), text: z.string(), offered: z.boolean() }).optional(),
    held: z.array(heldSchema).describe('Critical ones first, then the oldest; up to 200 kB of them.'),
    heldCount: z.int().describe('How many there are in all.'),
  })
  .meta({ id: 'WebhookPage' });
