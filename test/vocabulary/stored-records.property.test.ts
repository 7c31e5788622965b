import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { storedAlert } from '../../core/alerting/alerts/stored-alert.ts';
import { storedSummary } from '../../core/telemetry/samples/stored-summary.ts';
import { type Decoded, storedRecord } from '../../core/vocabulary/stored-record.ts';
import { exampleAlert, examplePredictions } from '../contract/store-examples.ts';
import { examples } from './stored-examples.ts';

type Path = (string | number)[];

const pathsOf = (value: unknown, path: Path = []): Path[] =>
  typeof value !== 'object' || value === null
    ? [path]
    : [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))];

/** A copy with another value at a path, or without any. */
function changed(value: unknown, [key, ...rest]: Path, to: unknown): unknown {
  if (key === undefined) return to;
  if (Array.isArray(value)) return value.map((inner, n) => (String(n) === key ? changed(inner, rest, to) : inner));
  const entries = Object.entries(value as object).map(([name, inner]) => [name, name === key ? changed(inner, rest, to) : inner]);
  return Object.fromEntries(entries.filter(([, inner]) => inner !== undefined));
}

const told = (decoded: Decoded<unknown>): string => (decoded.ok ? 'it was read' : decoded.reason.text);

describe.each(examples)('$name', ({ record, values }) => {
  it.each(values.map((value, n) => [n, value]))('are read back as they were written: %i', (_, value) => {
    expect(record.decode(record.encode(value))).toEqual({ ok: true, value });
  });

  it('are refused with the version of the future, and say so', () => {
    for (const value of values) {
      const text = record.encode(value).replaceAll(`"v":${record.version}}`, `"v":${record.version + 1}}`);
      expect(record.decode(text)).toMatchObject({ ok: false, reason: { by: 'newer' } });
    }
  });

  it('are refused where any part of them is of another type', () => {
    for (const value of values) {
      const parsed: unknown = JSON.parse(record.encode(value));
      for (const path of pathsOf(parsed)) {
        // What an entry carries for machines may be anything; a version has a reason of its own.
        if (path.includes('data')) continue;
        const decoded = record.decode(JSON.stringify(changed(parsed, path, [[]])));
        expect([path, decoded.ok]).toEqual([path, false]);
      }
    }
  });

  it('are refused in part, and quote nothing of what they hold', () => {
    for (const value of values) {
      const text = record.encode(value);
      for (let end = 0; end < text.length; end += Math.ceil(text.length / 50)) {
        const decoded = record.decode(text.slice(0, end));
        expect(decoded).toMatchObject({ ok: false, reason: { by: 'not JSON' } });
        expect(told(decoded)).not.toContain('t0ken');
      }
    }
  });

  it('are read or refused with a reason, and nothing is thrown, whatever became of them', () => {
    const anyChange = fc.constantFrom(...values).chain((value) => {
      const parsed: unknown = JSON.parse(record.encode(value));
      const one = fc.tuple(fc.constantFrom(...pathsOf(parsed)), fc.oneof(fc.jsonValue(), fc.constant(undefined)));
      return fc.array(one, { minLength: 1, maxLength: 3 }).map((changes) =>
        changes.reduce<unknown>((now, [path, to]) => {
          try {
            return changed(now, path, to);
          } catch {
            // An earlier change took the path away.
            return now;
          }
        }, parsed),
      );
    });
    fc.assert(
      fc.property(anyChange, (value) => {
        const text = JSON.stringify(value) ?? '';
        const decoded = record.decode(text);
        if (!decoded.ok) {
          expect(decoded.reason.text).not.toBe('');
          return;
        }
        // What is read is a record of this kind: written again, it is the same.
        expect(record.decode(record.encode(decoded.value))).toEqual(decoded);
      }),
      { numRuns: 300 },
    );
  });
});

it('a label and a feature may have any name', () => {
  const labels = Object.fromEntries([['__proto__', 'x']]);
  const alert = storedAlert.decode(storedAlert.encode(exampleAlert({ labels })));
  expect(alert.ok && Object.entries(alert.value.labels)).toEqual([['__proto__', 'x']]);
  const features = Object.fromEntries([['__proto__', { seen: 1, nulls: 0 }]]);
  const bucket = storedSummary.decode(storedSummary.encode(examplePredictions({ features })));
  expect(bucket.ok && 'features' in bucket.value && Object.keys(bucket.value.features)).toEqual(['__proto__']);
});

describe('a record of an earlier version', () => {
  const schema = z.object({ id: z.string(), names: z.array(z.string()) });
  type Named = { id: string; names: string[] };
  const upgrade = (value: object): object => ({ ...value, names: 'name' in value ? [value.name] : [] });

  it('is brought up to date where somebody has said how, step by step', () => {
    const named = storedRecord<Named>()('silence', 3, schema, { 1: upgrade, 2: (value) => ({ ...value, id: 'new' }) });
    expect(named.decode('{"id":"a","name":"b"}')).toEqual({ ok: true, value: { id: 'new', name: 'b', names: ['b'] } });
    expect(named.decode('{"id":"a","names":["b"],"v":2}')).toEqual({ ok: true, value: { id: 'new', names: ['b'] } });
    expect(named.decode('{"id":"a","name":5}')).toMatchObject({ ok: false, reason: { by: 'shape' } });
  });

  it('is refused by its version where nobody has', () => {
    const named = storedRecord<Named>()('silence', 2, schema);
    expect(named.decode('{"id":"a","names":[]}')).toMatchObject({ ok: false, reason: { by: 'unknown version' } });
    for (const v of ['0', '-1', '1.5', '"2"', 'null'])
      expect(named.decode(`{"id":"a","names":[],"v":${v}}`)).toMatchObject({ ok: false, reason: { by: 'unknown version' } });
  });
});
