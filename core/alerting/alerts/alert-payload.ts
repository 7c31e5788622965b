import * as z from 'zod';
import { fields } from '../../telemetry/samples/fields.ts';
import { type ParseRecords, parseEach } from '../../telemetry/samples/records.ts';
import { storableText } from '../../vocabulary/printable.ts';
import type { Labels } from '../../vocabulary/schema-parts.ts';
import { parseTimestamp } from '../../vocabulary/timestamp.ts';

/**
 * Names of one object. Alertmanager has no limit; this one only bounds the work. Nothing else is
 * too long: what does not fit a stored alert is cut (posted-cuts.ts).
 */
export const maxNames = 10_000;

/** Go senders send a missing time as its zero value, in the year 1. */
const time = z.unknown().transform((value, ctx) => {
  if (value === null || value === '') return undefined;
  const at = parseTimestamp(value);
  if (at !== undefined) return at < 0 ? undefined : at;
  ctx.addIssue({ code: 'custom', message: 'expected a time such as 2026-01-05T09:00:00Z' });
  return z.NEVER;
});

const texts = (names: string) =>
  fields<string>({
    names,
    most: maxNames,
    nameFault: (name) => (name === '' ? 'expected a name, not empty' : undefined),
    fault: (value) => (typeof value === 'string' ? undefined : 'expected a text'),
    // An alert has to page.
    left: 'out',
  }).transform((all) => Object.fromEntries(Object.entries(all).map(([name, text]) => [storableText(name), storableText(text)])));

/** An alert posted to Alertmanager's /api/v2/alerts. Unknown fields are ignored. */
const alertPayload = z
  .object({
    // As in Alertmanager, an empty value means no label.
    labels: texts('label names and texts')
      .transform((all) => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '')))
      .refine((all) => Object.keys(all).length > 0, { error: 'expected at least one label that is not empty' }),
    annotations: texts('annotation names and texts')
      .nullish()
      .transform((all) => all ?? {}),
    startsAt: time.optional(),
    endsAt: time.optional(),
    generatorURL: z
      .string()
      .nullish()
      .transform((url) => url ?? undefined)
      .catch(undefined),
  })
  .refine(({ startsAt, endsAt }) => startsAt === undefined || endsAt === undefined || startsAt <= endsAt, {
    error: 'expected a time at or after startsAt',
    path: ['endsAt'],
  });

/**
 * Milliseconds since the epoch; undefined if not sent. What only other formats say: `endsAfter`:
 * how long one without an end stays open, unless its source says so. `identity`: what tells it from
 * others, where labels may differ from one message to the next. `judgedAt`: when its sender judged
 * it, if messages may come late or again.
 */
export type AlertPayload = z.output<typeof alertPayload> & {
  endsAfter?: number;
  identity?: Labels;
  judgedAt?: number | undefined;
};

/**
 * Each alert is judged alone: a bad one is refused with a reason that names the field, the others
 * are kept.
 */
export const parseAlerts: ParseRecords<AlertPayload> = (entries, listed) => {
  const parse = (value: unknown) => {
    const plain = plainAlert(value);
    return plain === undefined ? checkedAlert(value) : { success: true as const, data: plain };
  };
  return parseEach(entries, parse, listed);
};

/** Validates an alert with the schema, which defines every field. */
export const checkedAlert = (value: unknown) => alertPayload.safeParse(value);

/**
 * A fast path for alerts as nearly all senders write them; undefined if the schema must decide.
 * Accepts nothing that the schema refuses.
 */
export function plainAlert(value: unknown): AlertPayload | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { labels, annotations = {}, startsAt, endsAt, generatorURL }: Record<string, unknown> = { ...value };
  if (!arePlainTexts(labels)) return undefined;
  if (!arePlainTexts(annotations)) return undefined;
  const [start, end] = [plainTime(startsAt), plainTime(endsAt)];
  if (start === null || end === null || (start !== undefined && end !== undefined && start > end)) return undefined;
  if (generatorURL !== undefined && typeof generatorURL !== 'string') return undefined;
  let count = 0;
  for (const name in labels) {
    if (labels[name] === '') return undefined;
    count += 1;
  }
  return count === 0 ? undefined : { labels, annotations, startsAt: start, endsAt: end, generatorURL };
}

const plainText = /^[ -~]*$/;

function arePlainTexts(value: unknown): value is Record<string, string> {
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return false;
  let count = 0;
  for (const [name, text] of Object.entries(value)) {
    count += 1;
    if (count > maxNames || name === '' || name === '__proto__' || !plainText.test(name)) return false;
    if (typeof text !== 'string' || !plainText.test(text)) return false;
  }
  return true;
}

/** null: the schema must decide. */
function plainTime(value: unknown): number | undefined | null {
  if (value === undefined) return undefined;
  const at = typeof value === 'string' ? parseTimestamp(value) : undefined;
  return at === undefined || at < 0 ? null : at;
}
