import * as z from 'zod';

const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const durationPattern = /^(\d+(?:ms|s|m|h|d|w))+$/;

/** Ten years. A longer one is a mistake, and added to a time it would leave the calendar. */
export const longestDurationMs = 3650 * unitMs.d;

/**
 * Parses `90s`, `5m`, `1h30m`, `7d` into milliseconds. Returns undefined when the text is not a
 * duration of at most ten years.
 */
export function parseDuration(text: string): number | undefined {
  if (!durationPattern.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+)(ms|s|m|h|d|w)/g)) {
    total += Number(amount) * unitMs[unit as keyof typeof unitMs];
  }
  return total <= longestDurationMs ? total : undefined;
}

/** The shortest exact spelling of a duration in milliseconds: 5400000 -> `1h30m`. */
export function formatDuration(ms: number): string {
  let rest = Math.max(0, Math.round(ms));
  if (rest === 0) return '0s';
  if (rest >= 1000) rest -= rest % 1000;
  let text = '';
  for (const unit of ['d', 'h', 'm', 's', 'ms'] as const) {
    const amount = Math.floor(rest / unitMs[unit]);
    if (amount > 0) text += `${amount}${unit}`;
    rest -= amount * unitMs[unit];
  }
  return text;
}

/**
 * How long ago something was, or how long it lasts, for people: to the second below an hour, to the
 * minute below a day, to the hour below 30 days, then to the day.
 */
export function formatAge(ms: number): string {
  const [hour, day] = [unitMs.h, unitMs.d];
  const grain = ms < hour ? unitMs.ms : ms < day ? unitMs.m : ms < 30 * day ? hour : day;
  return formatDuration(ms - (ms % grain));
}

const aDuration = 'expected a duration such as 30s, 5m, 1h30m or 7d';

const durationText = z
  .string({ error: aDuration })
  .regex(durationPattern, { error: aDuration })
  .refine((text) => !durationPattern.test(text) || parseDuration(text) !== undefined, {
    error: 'expected a duration of at most 3650d (ten years)',
  });

/** A duration in the config, such as `5m`. Milliseconds once parsed. */
export const duration = durationText.transform((text) => parseDuration(text) ?? 0).meta({ title: 'duration' });

/** A duration longer than 0. */
export const positiveDuration = durationText
  .refine((text) => parseDuration(text) !== 0, { error: 'expected a duration longer than 0' })
  .transform((text) => parseDuration(text) ?? 0)
  .meta({ title: 'duration' });

const percentPattern = /^\d+(\.\d+)?\s*%$/;

/** `5%` or 0.05. A fraction once parsed. */
export const percent = z
  .union([z.number().nonnegative(), z.string().regex(percentPattern)], {
    error: 'expected a percentage such as 5% or a fraction such as 0.05',
  })
  .transform((value) => (typeof value === 'number' ? value : Number.parseFloat(value) / 100))
  .meta({ title: 'percentage' });

/** Alarms per month of 30 days: `1/month`, `2/week`, `6/year`. A number per 30 days once parsed. */
export const alarmsBudget = z
  .string()
  .regex(/^\d+(\.\d+)?\/(day|week|month|year)$/, { error: 'expected a rate per day, week, month or year, such as 1/month' })
  .transform((text) => {
    const [count, unit] = text.split('/') as [string, keyof typeof unitDays];
    return (Number(count) * 30) / unitDays[unit];
  })
  .refine((alarms) => alarms > 0, { error: 'expected more than 0: false alarms can be made rare, not impossible' })
  .meta({ title: 'alarms per month' });

const unitDays = { day: 1, week: 7, month: 30, year: 365 } as const;

export type Duration = z.infer<typeof duration>;
