import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { z } from 'zod';

/**
 * One flight that was flown. The data give the actual departure in the local time of its airport,
 * without a zone; it is taken for UTC here, which shifts a flight by up to ten hours against others
 * but leaves its own hour of the day right.
 */
export type Flight = {
  id: string;
  /** Milliseconds since the epoch. */
  departedAt: number;
  /** Arrival against the timetable, negative when early. */
  delayMinutes: number;
  distanceMiles: number;
  origin: string;
  destination: string;
  late: boolean;
};

export type RefusedRow = { row: number; reason: string };

/**
 * The US Department of Transportation counts a flight as late from 15 minutes on; here it has to be
 * more than that.
 */
export const lateAfterMinutes = 15;

const row = z.object({
  date: z.string().regex(/^\d{4}\/\d{2}\/\d{2} \d{2}:\d{2}$/, { error: 'expected a date such as 2001/01/31 18:05' }),
  delay: z.number().int().min(-1440).max(10_080),
  distance: z.number().positive().max(12_000),
  origin: z.string().length(3),
  destination: z.string().length(3),
});

/**
 * Rows as the data set has them to flights in the order of their departure. Odd rows are left out,
 * each with its reason.
 */
export function parseFlights(rows: readonly unknown[]): { flights: Flight[]; refused: RefusedRow[] } {
  const flights: Flight[] = [];
  const refused: RefusedRow[] = [];
  for (const [index, value] of rows.entries()) {
    const parsed = row.safeParse(value);
    const departedAt = parsed.success ? Date.parse(`${parsed.data.date.replaceAll('/', '-').replace(' ', 'T')}Z`) : Number.NaN;
    if (!parsed.success || Number.isNaN(departedAt)) {
      const issue = parsed.error?.issues[0];
      refused.push({ row: index, reason: `${issue?.path.join('.') ?? 'date'}: ${issue?.message ?? 'no such day or time'}` });
      continue;
    }
    const { delay, distance, origin, destination } = parsed.data;
    const late = delay > lateAfterMinutes;
    flights.push({ id: '', departedAt, delayMinutes: delay, distanceMiles: distance, origin, destination, late });
  }
  // The sort is stable, so flights of one minute keep the order of the file and their ids are the
  // same in every run.
  flights.sort((a, b) => a.departedAt - b.departedAt);
  for (const [index, flight] of flights.entries()) flight.id = `flight-${String(index + 1).padStart(5, '0')}`;
  return { flights, refused };
}

/** The 20,000 flights of January to March 2001 that the package vega-datasets carries. */
export function readFlights(): Flight[] {
  const packageEntry = createRequire(import.meta.url).resolve('vega-datasets');
  const file = new URL('../data/flights-20k.json', `file://${packageEntry}`);
  return parseFlights(JSON.parse(readFileSync(file, 'utf8')) as unknown[]).flights;
}

const hourMs = 3_600_000;

/** Half an hour on the ground and 450 miles an hour: near enough to when a flight lands. */
export function landsAt(flight: Flight): number {
  return flight.departedAt + (0.5 + flight.distanceMiles / 450) * hourMs;
}

/**
 * When the airline has reported whether the flight was late: one to five hours after landing, the
 * same in every run.
 */
export function reportedAt(flight: Flight, seed = 1): number {
  return Math.round(landsAt(flight) + (1 + 4 * fractionOf(flight.id, seed)) * hourMs);
}

/**
 * A number in [0, 1) that looks random and depends on the text and the seed only (FNV-1a, finished
 * as MurmurHash3 does).
 */
function fractionOf(text: string, seed: number): number {
  let hash = (2_166_136_261 ^ seed) >>> 0;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 16_777_619);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
