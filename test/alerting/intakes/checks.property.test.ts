import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alertsOfChecks } from '../../../core/alerting/intakes/checks/alerts-of-checks.ts';
import type { CheckOutcome, CheckResult } from '../../../core/alerting/intakes/checks/check-result.ts';
import { intakeOf } from '../../../core/alerting/intakes/intake.ts';
import { atOnce } from '../../../core/telemetry/samples/body.ts';
import { TooLong } from '../../../core/telemetry/samples/json-parts.ts';
import { labelsKey } from '../../../core/vocabulary/labels-key.ts';

type Json = Record<string, unknown>;
const recorded = (path: string): Json =>
  JSON.parse(readFileSync(new URL(`../../fixtures/${path}`, import.meta.url), 'utf8')) as Json;
const now = Date.parse('2026-12-01T00:00:00Z');
const options = { dataset: 'orders', model: 'churn' };

/** A good document of each format, whose members are then damaged. */
const documents: Record<string, () => unknown> = {
  gx: () => recorded('great-expectations/fail-broken.validation.json'),
  dbt: () => ({ run_results: recorded('dbt/build.run_results.json'), manifest: recorded('dbt/build.manifest.trimmed.json') }),
  openlineage: () => recorded('openlineage/fail-with-assertions.body.json'),
  evidently: () => recorded('evidently/report-drifted.json'),
  feast: () => recorded('feast/rest-feature-views-registry.json')['answer'],
};

const hostile: unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  '',
  ' ',
  '\0',
  '\uD800',
  '__proto__',
  'constructor',
  'x'.repeat(100_000),
  [],
  {},
  [[]],
  [null],
  { __proto__: null, constructor: 1 },
  JSON.parse('{"__proto__": {"success": false}}'),
  new TooLong(1e6),
];

/** Every place in a document. */
function placesIn(value: unknown, at: readonly (string | number)[] = [], all: (string | number)[][] = []): (string | number)[][] {
  all.push([...at]);
  if (typeof value === 'object' && value !== null)
    for (const [key, member] of Object.entries(value)) placesIn(member, [...at, Array.isArray(value) ? Number(key) : key], all);
  return all;
}

function withValue(document: unknown, place: readonly (string | number)[], value: unknown): unknown {
  const [first, ...rest] = place;
  if (first === undefined) return value;
  const copy = Array.isArray(document) ? [...(document as unknown[])] : { ...(document as Json) };
  Reflect.set(copy, first, withValue(Reflect.get(document as object, first), rest, value));
  return copy;
}

describe.each(Object.keys(documents))('a document of %s', (format) => {
  const read = (document: unknown) => {
    const intake = intakeOf(format);
    if (intake === undefined) throw new Error(format);
    return intake.read(document, now, options);
  };
  const whole = documents[format]?.();
  const places = placesIn(whole).filter((place) => !place.includes('exception_traceback'));

  test('is read as results of checks', () => {
    const result = read(whole);
    expect(result).toMatchObject({ ok: true, rejected: [], leftOut: 0 });
    if (result.ok) expect(result.records.length).toBeGreaterThan(0);
  });

  test('with anything anywhere in it never throws, and gives bounded alerts', () => {
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.oneof(fc.constantFrom(...hostile), fc.anything()), (place, value) => {
        const result = read(withValue(whole, place, value));
        if (!result.ok) {
          expect(result.error.length).toBeLessThan(500);
          return;
        }
        expect(result.rejected.length).toBeLessThanOrEqual(100);
        for (const { value: alert } of result.records) {
          expect((alert.annotations['description'] ?? '').length).toBeLessThanOrEqual(800);
          expect(Object.keys(alert.labels).length).toBeLessThan(20);
          for (const text of [...Object.values(alert.labels), ...Object.values(alert.annotations)]) {
            expect(typeof text).toBe('string');
            expect(text.isWellFormed() && !text.includes('\0')).toBe(true);
          }
          expect(alert.judgedAt).toBeLessThanOrEqual(now);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('that is anything at all never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.constantFrom(...hostile)), (document) => {
        expect(typeof read(document).ok).toBe('boolean');
      }),
      { numRuns: 300 },
    );
  });

  test('is the same alerts at every run, whatever its ids, times and values are', () => {
    const identities = (document: unknown): string[] => {
      const result = read(document);
      return result.ok ? result.records.map(({ value }) => labelsKey(value.identity ?? {})).toSorted() : [];
    };
    const changing =
      /time|_at$|At$|^id$|uuid|runId|invocation_id|message|failures|value$|count|percent|threshold|description|metric_id|fingerprint|actual|Null|sum/i;
    const other = (document: unknown): unknown =>
      JSON.parse(
        JSON.stringify(document, (key, value: unknown) => {
          if (!changing.test(key)) return value;
          if (typeof value === 'number') return value * 3 + 1;
          return typeof value === 'string' && /\d{4}-\d\d-\d\d/.test(value) ? value.replaceAll('2026', '2025') : value;
        }),
      );
    expect(identities(other(whole))).toEqual(identities(whole));
  });

  test('with ten thousand results is read in bounded size', () => {
    const list = places.findLast((place) => ['results', 'assertions', 'tests', 'featureViews'].includes(String(place.at(-1))));
    if (list === undefined) throw new Error('no list');
    const members = list.reduce<unknown>((at, key) => Reflect.get(at as object, key), whole) as unknown[];
    const result = read(
      withValue(
        whole,
        list,
        Array.from({ length: 10_000 }, () => members[0]),
      ),
    );
    expect(result.ok && result.records.length).toBeLessThan(20);
  });
});

test('a manifest with thousands of groups and inputs is read once, not once a result', () => {
  const many = <T>(make: (n: number) => T): T[] => Array.from({ length: 9000 }, (_, n) => make(n));
  const manifest = {
    nodes: { 'model.p.m': { name: 'm', group: 'none', depends_on: { nodes: many((n) => `model.p.n${n}`) } } },
    groups: Object.fromEntries(many((n) => [`g${n}`, { name: `g${n}`, owner: { name: 'o' } }])),
  };
  const metadata = { dbt_schema_version: 'https://schemas.getdbt.com/dbt/run-results/v6.json' };
  const results = many(() => ({ unique_id: 'model.p.m', status: 'error' }));
  const read = intakeOf('dbt')?.read({ run_results: { metadata, results }, manifest }, now);
  expect(read).toMatchObject({ ok: true, checks: { fail: 9000 }, records: [{ value: { labels: { owner: 'none' } } }] });
});

describe('several results of one check in one document', () => {
  const outcomes: CheckOutcome[] = ['pass', 'warn', 'fail', 'error', 'skipped'];
  const entries = (some: readonly CheckOutcome[]) =>
    some.map((outcome, index) => ({ index, value: { check: 'not_null', dataset: 'orders', outcome } satisfies CheckResult }));

  test('are one alert, which no passing one ends while another fails', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...outcomes), { minLength: 1 }), (some) => {
        const alerts = atOnce(alertsOfChecks(entries(some), now));
        expect(alerts.length).toBeLessThanOrEqual(1);
        const [alert] = alerts.map(({ value }) => value);
        const fails = some.some((outcome) => outcome === 'warn' || outcome === 'fail' || outcome === 'error');
        if (fails) expect(alert).toMatchObject({ endsAt: undefined });
        else if (some.includes('skipped')) expect(alert).toBe(undefined);
        else expect(alert).toMatchObject({ endsAt: now });
      }),
    );
  });

  test('tell how many fail', () => {
    const [alert] = atOnce(alertsOfChecks(entries(['pass', 'fail', 'fail']), now));
    expect(alert?.value.annotations).toEqual({ summary: 'not_null on orders failed', description: '2 of 3 such checks' });
  });
});

describe('a long text that all results of a document share', () => {
  const long = (end: string): string => `${'s'.repeat(1_000_000)}${end}`;
  const assertion = { assertion: 'not_null', success: false };
  const shared: Record<string, (text: string) => [format: string, document: unknown]> = {
    suite: (suite_name) => [
      'gx',
      {
        suite_name,
        results: Array.from({ length: 200 }, (_, i) => ({ success: false, expectation_config: { type: `e${i}` } })),
      },
    ],
    namespace: (namespace) => [
      'openlineage',
      {
        eventType: 'COMPLETE',
        eventTime: '2026-11-30T05:00:00Z',
        job: { name: 'load', namespace },
        inputs: [
          {
            name: 'orders',
            namespace,
            facets: { dataQualityAssertions: { assertions: [assertion, { ...assertion, column: 'a' }] } },
          },
        ],
      },
    ],
    'name of a node': (name) => [
      'dbt',
      {
        run_results: {
          metadata: { dbt_schema_version: 'https://schemas.getdbt.com/dbt/run-results/v6.json' },
          results: Array.from({ length: 200 }, () => ({ unique_id: 'test.p.t.1', status: 'fail' })),
        },
        manifest: {
          nodes: { 'test.p.t.1': { name, column_name: name, attached_node: 'model.p.m' }, 'model.p.m': { alias: name } },
        },
      },
    ],
  };
  const read = (format: string, document: unknown) => {
    const answer = intakeOf(format)?.read(document, now, { dataset: 'orders' });
    return answer?.ok === true ? answer.records.map(({ value }) => value) : [];
  };

  test.each(Object.entries(shared))('is no longer in each than a label is (%s), and its end still tells two apart', (_, of) => {
    const [some, others] = [read(...of(long('a'))), read(...of(long('b')))];
    expect(some.length).toBeGreaterThan(0);
    for (const { labels, identity = {} } of some)
      for (const text of [...Object.values(labels), ...Object.values(identity)]) expect(text.length).toBeLessThanOrEqual(1024);
    const key = ({ identity = {} }: (typeof some)[number]): string => labelsKey(identity);
    expect(some.map(key)).not.toEqual(others.map(key));
  });
});

test('data sets of an event of OpenLineage are read with turns for others', () => {
  const event = {
    eventType: 'COMPLETE',
    eventTime: '2026-11-30T05:00:00Z',
    job: { name: 'load', namespace: 'n' },
    inputs: Array.from({ length: 5000 }, (_, i) => ({ name: `orders/2026-11-30/${i}` })),
  };
  const parts = intakeOf('openlineage')?.readInParts?.(event, now);
  let turns = 0;
  while (parts?.next().done === false) turns += 1;
  expect(turns).toBeGreaterThanOrEqual(50);
});
