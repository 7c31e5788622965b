import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkedAlert, parseAlerts, plainAlert } from '../../../core/alerting/alerts/alert-payload.ts';

const text = fc.oneof(
  { weight: 20, arbitrary: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 8 }) },
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom('', '\0', '\ud800', '__proto__', 'constructor', 'x'.repeat(70_000)),
);
const time = fc.oneof(
  fc.constantFrom(
    '2026-01-05T09:00:00Z',
    '2026-01-05T10:00:00.123456789Z',
    '2026-01-05T11:00:00+01:00',
    '2026-02-30T00:00:00Z',
    '2026-01-05T24:00:00Z',
    '0001-01-01T00:00:00Z',
    '1969-12-31T23:59:59Z',
    'soon',
    '',
    null,
    undefined,
    17,
  ),
  {
    weight: 3,
    arbitrary: fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01T00:00:00Z') })
      .map((date) => date.toISOString()),
  },
);
const texts = fc.oneof(
  { weight: 20, arbitrary: fc.array(fc.tuple(text, text), { maxLength: 4 }).map((all) => JSON.parse(objectText(all))) },
  fc.array(fc.nat(), { minLength: 60, maxLength: 70 }).map((all) => Object.fromEntries(all.map((_, n) => [`label${n}`, 'x']))),
  fc.constantFrom(undefined, null, 'text', 7, [], [['a', 'b']], { a: 7 }, { a: null }),
);
const posted = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record(
      {
        labels: texts,
        annotations: texts,
        startsAt: time,
        endsAt: time,
        generatorURL: fc.oneof(text, fc.constantFrom(undefined, null, 7, 'http://a/'.padEnd(5000, 'x'))),
        status: fc.anything(),
      },
      { requiredKeys: [] },
    ),
  },
  fc.anything(),
);

/** As it comes from a body: `__proto__` may be a name like any other there. */
const objectText = (all: [string, string][]): string =>
  `{${all.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join()}}`;

test('a plain alert is what the schema makes of it, and nothing that the schema refuses', () => {
  let plain = 0;
  fc.assert(
    fc.property(posted, (value) => {
      const quick = plainAlert(value);
      if (quick === undefined) return;
      plain += 1;
      expect(checkedAlert(value)).toEqual({ success: true, data: quick });
    }),
    { numRuns: 3000 },
  );
  expect(plain).toBeGreaterThan(100);
});

test.each([
  { labels: { alertname: 'Down', instance: 'web-1:9090' } },
  {
    labels: { alertname: 'Down' },
    annotations: { summary: 'web-1 is down' },
    startsAt: '2026-01-05T09:00:00.5Z',
    endsAt: '2026-01-05T09:04:00Z',
    generatorURL: 'http://prometheus:9090/graph?g0.expr=up',
  },
])('an alert as Prometheus writes it is plain: %j', (value) => {
  expect(plainAlert(value)).toEqual(checkedAlert(value).data);
  expect(parseAlerts([{ index: 0, value }]).rejected).toEqual([]);
});
