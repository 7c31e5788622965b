import * as z from 'zod';
import { fields } from '../../telemetry/samples/fields.ts';
import { type ParseRecords, parseEach } from '../../telemetry/samples/records.ts';
import { parseTimestamp } from '../../vocabulary/timestamp.ts';

/**
 * Labels identify an alert and cannot be cut, so labels that are too long are refused. Texts for
 * people are cut later.
 */
export const maxPayload = { labels: 64, labelName: 128, labelValue: 1024, annotations: 64, annotation: 64 * 1024, url: 4096 };

const isPrinted = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

/** Go senders send a missing time as its zero value, in the year 1. */
const time = z.unknown().transform((value, ctx) => {
  if (value === null || value === '') return undefined;
  const at = parseTimestamp(value);
  if (at !== undefined) return at < 0 ? undefined : at;
  ctx.addIssue({ code: 'custom', message: 'expected a time such as 2026-01-05T09:00:00Z' });
  return z.NEVER;
});

const texts = (names: string, most: number, longest: number) =>
  fields<string>({
    names,
    most,
    nameFault(name) {
      if (name === '') return 'expected a name, not empty';
      if (name.length > maxPayload.labelName) return `expected a name of at most ${maxPayload.labelName} characters`;
      return isPrinted(name) ? undefined : 'expected a name of valid Unicode characters';
    },
    fault(value) {
      if (typeof value !== 'string') return 'expected a text';
      if (value.length > longest) return `expected a text of at most ${longest} characters`;
      return isPrinted(value) ? undefined : 'expected a text of valid Unicode characters';
    },
  });

/** An alert posted to Alertmanager's /api/v2/alerts. Unknown fields are ignored. */
const alertPayload = z
  .object({
    // As in Alertmanager, an empty value means no label.
    labels: texts('label names and texts', maxPayload.labels, maxPayload.labelValue)
      .transform((all) => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '')))
      .refine((all) => Object.keys(all).length > 0, { error: 'expected at least one label that is not empty' }),
    annotations: texts('annotation names and texts', maxPayload.annotations, maxPayload.annotation)
      .nullish()
      .transform((all) => all ?? {}),
    startsAt: time.optional(),
    endsAt: time.optional(),
    generatorURL: z
      .string()
      .max(maxPayload.url)
      .nullish()
      .transform((url) => url ?? undefined)
      .catch(undefined),
  })
  .refine(({ startsAt, endsAt }) => startsAt === undefined || endsAt === undefined || startsAt <= endsAt, {
    error: 'expected a time at or after startsAt',
    path: ['endsAt'],
  });

/** Milliseconds since the epoch; undefined if not sent. */
export type AlertPayload = z.output<typeof alertPayload>;

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
  if (!arePlainTexts(labels, maxPayload.labels, maxPayload.labelValue)) return undefined;
  if (!arePlainTexts(annotations, maxPayload.annotations, maxPayload.annotation)) return undefined;
  const [start, end] = [plainTime(startsAt), plainTime(endsAt)];
  if (start === null || end === null || (start !== undefined && end !== undefined && start > end)) return undefined;
  if (generatorURL !== undefined && (typeof generatorURL !== 'string' || generatorURL.length > maxPayload.url)) return undefined;
  let count = 0;
  for (const name in labels) {
    if (labels[name] === '') return undefined;
    count += 1;
  }
  return count === 0 ? undefined : { labels, annotations, startsAt: start, endsAt: end, generatorURL };
}

const plainText = /^[ -~]*$/;

function arePlainTexts(value: unknown, most: number, longest: number): value is Record<string, string> {
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return false;
  let count = 0;
  for (const [name, text] of Object.entries(value)) {
    count += 1;
    if (count > most || name === '' || name === '__proto__' || name.length > maxPayload.labelName || !plainText.test(name))
      return false;
    if (typeof text !== 'string' || text.length > longest || !plainText.test(text)) return false;
  }
  return true;
}

/** null: the schema must decide. */
function plainTime(value: unknown): number | undefined | null {
  if (value === undefined) return undefined;
  const at = typeof value === 'string' ? parseTimestamp(value) : undefined;
  return at === undefined || at < 0 ? null : at;
}
