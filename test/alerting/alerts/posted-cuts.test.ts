import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAlerts } from '../../../core/alerting/alerts/alert-payload.ts';
import { shortLabels } from '../../../core/alerting/alerts/alert-summary.ts';
import { normalizeAlert } from '../../../core/alerting/alerts/normalize.ts';
import { firstCuts, keptLabels, leftOutLabel, mostKept, type PostedCut } from '../../../core/alerting/alerts/posted-cuts.ts';
import type { AlertsSourceConfig } from '../../../core/telemetry/sources/kinds/alerts.ts';
import { sourceSchema } from '../../../core/telemetry/sources/source-schema.ts';
import type { Labels } from '../../../core/vocabulary/schema-parts.ts';

const now = Date.UTC(2026, 0, 5, 9);
const source = sourceSchema.parse({ kind: 'alerts', category: 'availability', runbook: 'default' }) as AlertsSourceConfig;

function told(value: object, groupBy: string[] = []) {
  const { records, rejected } = parseAlerts([{ index: 0, value }]);
  if (records[0] === undefined) throw new Error(rejected[0]?.reason);
  return normalizeAlert(records[0].value, { name: 'prom', source, groupBy: () => groupBy }, now);
}
const fingerprintOf = (labels: Labels): string => told({ labels }).fingerprint;
const lengthOf = (labels: Labels): number => Object.entries(labels).flat().join('').length;
const many = (count: number, value = 'x'): Labels =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`label${n}`, value]));

describe('what is too long to store is cut, and never refused:', () => {
  test('a label value, which ends in the digest of the whole', () => {
    const { labels, external } = told({ labels: { alertname: 'Down', path: 'p'.repeat(5000) } });
    expect(labels['path']).toMatch(/^p{1006}…#[0-9a-f]{16}$/);
    expect(labels['path']).toHaveLength(mostKept.labelValue);
    expect(external.cuts).toEqual([{ of: 'label value', name: 'path', chars: 5000, kept: 1024 }]);
  });

  test('a label name', () => {
    const { labels, external } = told({ labels: { alertname: 'Down', ['n'.repeat(300)]: 'a' } });
    const [name = ''] = Object.keys(labels).filter((one) => one !== 'alertname');
    expect([name.length, labels[name]]).toEqual([mostKept.labelName, 'a']);
    expect(external.cuts).toEqual([{ of: 'label name', name, chars: 300, kept: 128 }]);
  });

  test('annotations that people are shown; of others nothing is kept anyway', () => {
    const long = 'x'.repeat(70_000);
    const { reason, external } = told({
      labels: { alertname: 'Down' },
      annotations: { summary: long, description: long, dashboard: long },
    });
    expect([external.title.length, reason.length]).toEqual([500, 500]);
    expect(external.cuts).toEqual([
      { of: 'annotation', name: 'summary', chars: 70_000, kept: 500 },
      { of: 'annotation', name: 'description', chars: 70_000, kept: 500 },
    ]);
  });

  test('a long name, which is a label and no annotation, and said once', () => {
    const { external, reason } = told({ labels: { alertname: 'a'.repeat(5000) } });
    expect([external.title.length, reason.length]).toEqual([500, 500]);
    expect(external.cuts).toEqual([{ of: 'label value', name: 'alertname', chars: 5000, kept: 1024 }]);
    expect(told({ labels: { alertname: 'a'.repeat(600) } }).external.cuts).toBeUndefined();
  });

  test('addresses are left out, for a part of one leads nowhere', () => {
    const url = `https://wiki/${'x'.repeat(1000)}`;
    const { external } = told({ labels: { alertname: 'Down' }, annotations: { runbook_url: url }, generatorURL: url });
    expect([external.runbook, external.link]).toEqual(['default', undefined]);
    expect(external.cuts?.map((cut) => ('name' in cut ? [cut.of, cut.name, cut.kept] : []))).toEqual([
      ['link', 'generatorURL', 0],
      ['annotation', 'runbook_url', 0],
    ]);
  });

  test('too many labels: those with a meaning and those of the group stay', () => {
    const { labels, groupLabels, external, severity } = told(
      { labels: { ...many(100, 'x'.repeat(1000)), severity: 'critical', zone: 'z', alertname: 'Down' } },
      ['zone'],
    );
    expect(lengthOf(labels)).toBeLessThanOrEqual(mostKept.labels);
    expect({ ...labels, groupLabels, severity }).toMatchObject({
      alertname: 'Down',
      severity: 'critical',
      zone: 'z',
      groupLabels: { zone: 'z' },
      [leftOutLabel]: expect.stringMatching(/^29 labels…#[0-9a-f]{16}$/),
    });
    expect(external.cuts).toEqual([{ of: 'labels', count: 29 }]);
  });

  test('text that is no Unicode is mended, as Alertmanager does', () => {
    expect(told({ labels: { alertname: '\ud800a\0' } }).labels).toEqual({ alertname: '\ufffda\ufffd' });
  });

  test('whatever is short enough is as it was sent, and nothing is said', () => {
    const labels = { alertname: 'Down', ...many(63, 'v'.repeat(mostKept.labelValue)) };
    const alert = told({ labels, annotations: { summary: 's'.repeat(500) } });
    expect(alert.labels).toEqual(labels);
    expect(alert.external.cuts).toBeUndefined();
  });
});

describe('an alert stays the same one, and another one another, however much is cut:', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 5 }),
    fc.tuple(fc.integer({ min: 1000, max: 1100 }), fc.constantFrom('', 'a', 'b')).map(([n, end]) => 'x'.repeat(n) + end),
  );
  const name = fc.oneof(
    fc.string({ minLength: 1, maxLength: 3 }),
    fc.tuple(fc.integer({ min: 120, max: 140 }), fc.constantFrom('', 'a', 'b')).map(([n, end]) => 'n'.repeat(n) + end),
  );
  const sent = fc
    .tuple(fc.array(fc.tuple(name, text), { minLength: 1, maxLength: 6 }), fc.constantFrom(0, 0, 62, 64, 300), text)
    .map(([own, more, value]): Labels => ({ ...many(more, value), ...Object.fromEntries(own) }));

  test('labels that differ anywhere are two alerts', () => {
    const kept = (labels: Labels): string => JSON.stringify(Object.entries(keptLabels(labels, () => [], []).identity).sort());
    fc.assert(
      fc.property(sent, sent, (one, other) => {
        const isSame = JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());
        expect(kept(one) === kept(other)).toBe(isSame);
      }),
      { numRuns: 300 },
    );
  });

  test('an alert is the same one, whichever of its labels are needed', () => {
    const labels = { alertname: 'Down', ...many(100, 'x'.repeat(1000)) };
    const of = (...needed: string[]) => keptLabels(labels, () => needed, []);
    expect(of('label97').labels).toHaveProperty('label97');
    expect(of().labels).not.toHaveProperty('label97');
    expect(of('label97').identity).toEqual(of().identity);
  });

  test('no alert with few labels is one whose labels were cut, whatever it says', () => {
    const labels = { alertname: 'Down', ...many(100, 'x'.repeat(1000)) };
    const cut = told({ labels });
    for (const claimed of [cut.labels[leftOutLabel] ?? '', (cut.labels[leftOutLabel] ?? '').split('#')[1] ?? ''])
      expect(fingerprintOf({ [leftOutLabel]: claimed })).not.toBe(cut.fingerprint);
  });

  test('the order in which labels are sent does not matter', () => {
    fc.assert(
      fc.property(sent, (labels) => {
        const turned = Object.fromEntries(Object.entries(labels).reverse());
        expect(fingerprintOf({ ...turned, alertname: 'a' })).toBe(fingerprintOf({ ...labels, alertname: 'a' }));
      }),
      { numRuns: 200 },
    );
  });

  test('nothing that is kept is over what a store takes', () => {
    fc.assert(
      fc.property(sent, (labels) => {
        const kept = keptLabels(labels, () => [], []).labels;
        const all = Object.entries(kept);
        expect(lengthOf(kept)).toBeLessThanOrEqual(mostKept.labels);
        for (const [label, value] of all) {
          expect(label.length).toBeLessThanOrEqual(mostKept.labelName);
          expect(value.length).toBeLessThanOrEqual(mostKept.labelValue);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('an incident shows both ends of a long value, so that the digest is among them', () => {
    const [one, other] = ['a', 'b'].map((end) => shortLabels(told({ labels: { path: 'p'.repeat(5000) + end } }).labels)['path']);
    expect(one).toMatch(/^p{102}…#[0-9a-f]{16}$/);
    expect(one).not.toBe(other);
  });
});

test('of many cuts the first are listed, and the others counted', () => {
  const cuts = Array.from({ length: 20 }, (_, n): PostedCut => ({ of: 'label value', name: `l${n}`, chars: 2000, kept: 1024 }));
  expect(firstCuts(cuts)).toEqual([...cuts.slice(0, 7), { of: 'others', count: 13 }]);
  expect(firstCuts(cuts.slice(0, 8))).toEqual(cuts.slice(0, 8));
});
