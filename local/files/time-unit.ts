import type { PredictionsSourceConfig } from '../../core/telemetry/sources/kinds/predictions.ts';
import { decimalOf } from '../../core/telemetry/tables/spelling.ts';
import { noKindLeft } from '../../core/vocabulary/kinds.ts';
import type { FileValue } from './file-value.ts';

type Unit = NonNullable<PredictionsSourceConfig['columns']>['timestampUnit'];

/** Records with their timestamps in milliseconds, or as text, whatever unit the file has. */
export async function* inUnit(
  unit: Unit = 'instant',
  values: AsyncIterable<FileValue<unknown>>,
): AsyncGenerator<FileValue<unknown>> {
  switch (unit) {
    case 'instant':
      return yield* values;
    case 'seconds':
      for await (const one of values) yield withTime(one, secondsIn);
      return;
    case 'year':
      return yield* spreadOverYears(values);
    default:
      noKindLeft('unit of timestamps', unit);
  }
}

/** Text in ISO 8601 says for itself what it is. */
function secondsIn(timestamp: unknown): unknown {
  const seconds = typeof timestamp === 'string' ? decimalOf(timestamp.trim()) : timestamp;
  return typeof seconds === 'number' ? Math.round(seconds * 1000) : timestamp;
}

function withTime(one: FileValue<unknown>, map: (timestamp: unknown) => unknown): FileValue<unknown> {
  if ('fault' in one || typeof one.value !== 'object' || one.value === null || !('timestamp' in one.value)) return one;
  return { at: one.at, value: { ...one.value, timestamp: map(one.value.timestamp) } };
}

/** Spreads the rows of one year evenly over that year, in order, in UTC. */
async function* spreadOverYears(values: AsyncIterable<FileValue<unknown>>): AsyncGenerator<FileValue<unknown>> {
  const all: FileValue<unknown>[] = [];
  const total = new Map<string, number>();
  const seen = new Map<string, number>();
  for await (const one of values)
    all.push(
      withTime(one, (timestamp) => {
        total.set(String(timestamp), (total.get(String(timestamp)) ?? 0) + 1);
        return timestamp;
      }),
    );
  const placed = (timestamp: unknown): unknown => {
    const year = String(timestamp);
    if (!/^\d{4}$/.test(year)) return timestamp;
    const place = seen.get(year) ?? 0;
    seen.set(year, place + 1);
    const [start, end] = [Date.UTC(Number(year), 0), Date.UTC(Number(year) + 1, 0)];
    return Math.floor(start + ((end - start) * place) / (total.get(year) ?? 1));
  };
  for (const one of all) yield withTime(one, placed);
}
