import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { exclusive, readExpression } from '../../../cli/import/prometheus-rules/expression.ts';
import { type ImportedRules, importPrometheusRules } from '../../../cli/import/prometheus-rules/import.ts';
import { readDocument } from '../../../core/config/document.ts';
import { formatConfigError, loadConfig } from '../../../core/config/load.ts';
import type { Config } from '../../../core/config/schema.ts';
import { folderOf, tocsin } from '../run.ts';

const base = `
settings: { publicUrl: http://127.0.0.1:9 }
sources: { prom: { kind: prometheus, url: "http://127.0.0.1:9090" } }
responders: { ana: { name: Ana, contacts: [{ terminal: true }] } }
policies: { plain: { tiers: [{ targets: [{ responder: ana }], ackWithin: 5m }] } }
matrix: { default: { warn: { policy: plain }, critical: { policy: plain } } }
`;

function imported(rules: object[], group: object = {}): ImportedRules {
  const text = stringify({ groups: [{ name: 'g', ...group, rules }] });
  const read = readDocument({ path: 'rules.yml', text });
  if (!read.ok) throw new Error(read.errors.map(formatConfigError).join('\n'));
  return importPrometheusRules(read.document, { source: 'prom', category: 'availability', runbook: 'look' });
}

/** The rules of the result, in a config that is right. */
function rulesOf({ config }: ImportedRules): Config['rules'] {
  const files = [
    { path: 'base.yaml', text: base },
    { path: 'rules.yaml', text: stringify(config) },
  ];
  const loaded = loadConfig(files, new Set(['look', 'source-failing']));
  if (!loaded.ok) throw new Error(loaded.errors.map(formatConfigError).join('\n'));
  return loaded.config.rules;
}

const noteTexts = ({ notes }: ImportedRules): string[] => notes.map(({ kind, text }) => `${kind}: ${text}`);

describe('tocsin import prometheus-rules', () => {
  it('makes one rule with bands of two alerts that compare one query with two bounds', () => {
    const expr = 'sum by (model) (rate(errors_total[5m])) / sum by (model) (rate(calls_total[5m]))';
    const result = imported([
      {
        alert: 'ErrorsHigh',
        expr: `${expr} > 0.05`,
        for: '5m',
        labels: { severity: 'warning', team: 'ml' },
        annotations: { summary: 'Errors' },
      },
      { alert: 'ErrorsVeryHigh', expr: `0.1 < (${expr})`, for: '5m', labels: { severity: 'page', team: 'ml' } },
    ]);
    const rules = rulesOf(result);
    expect(Object.keys(rules)).toEqual(['ErrorsHigh']);
    expect(rules.ErrorsHigh).toMatchObject({
      title: 'Errors',
      kind: 'threshold',
      threshold: { above: { warn: 0.05, critical: 0.1 } },
      query: { prometheus: { query: expr } },
      step: 60_000,
      for: { m: 6, n: 6 },
      noData: 'ok',
      labels: { team: 'ml' },
    });
    expect(noteTexts(result)).toHaveLength(2);
  });

  it('keeps alerts apart that do not wait equally long, or have other labels', () => {
    const warn = { alert: 'a', expr: 'm > 1', labels: { severity: 'warning' } };
    for (const other of [
      { for: '1m' },
      { keep_firing_for: '1m' },
      { labels: { severity: 'critical', team: 'x' } },
      { expr: 'm > 0.5' },
    ]) {
      const critical = { alert: 'b', expr: 'm > 2', labels: { severity: 'critical' }, ...other };
      expect(Object.keys(rulesOf(imported([warn, critical])))).toEqual(['a', 'b']);
    }
  });

  it('fires at the evaluation at which Prometheus does', () => {
    const minutes = fc.integer({ min: 0, max: 12 });
    fc.assert(
      fc.property(
        minutes,
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.boolean(), { maxLength: 40 }),
        (wait, interval, breaches) => {
          const rules = rulesOf(imported([{ alert: 'a', expr: 'm > 1', for: `${wait}m` }], { interval: `${interval}m` }));
          const { n, m } = rules.a?.for ?? { n: 1, m: 1 };
          expect(m).toBe(n);
          const inARow = breaches.findIndex((_, at) => at + 1 >= n && breaches.slice(at + 1 - n, at + 1).every(Boolean));
          expect(inARow).toBe(firesAt(breaches, wait, interval));
        },
      ),
    );
  });

  it('takes a bound that counts itself exactly', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.double({ noNaN: true }), (bound, value) => {
        for (const one of [value, bound, -bound]) {
          expect(one > exclusive(bound, 'above')).toBe(one >= bound);
          expect(one < exclusive(bound, 'below')).toBe(one <= bound);
        }
      }),
    );
    expect(rulesOf(imported([{ alert: 'a', expr: 'm >= 1' }])).a).toMatchObject({ threshold: { above: { warn: 1 - 2 ** -53 } } });
  });

  it('reads numbers as Prometheus does: with a leading zero they are octal', () => {
    for (const [written, bound] of [
      ['010', 8],
      ['0x10', 16],
      ['1_000', 1000],
      ['08', 8],
      ['0.5', 0.5],
    ] as const)
      expect(readExpression(`up > ${written}`), written).toMatchObject({ ok: true, compared: { bound } });
  });

  it('judges whatever else an expression is by whether it returns anything', () => {
    for (const expr of ['absent(up)', 'a > 1 and b < 2', 'up == 0', 'a > b', 'a > bool 1', 'a > 1 or b > 1']) {
      const result = imported([{ alert: 'a', expr, labels: { severity: 'critical' } }]);
      expect(rulesOf(result).a).toMatchObject({
        query: { prometheus: { query: `group without () (${expr})` } },
        threshold: { above: { critical: 0.5 } },
      });
      expect(noteTexts(result)).toEqual([expect.stringContaining('whether the expression returns anything')]);
    }
  });

  it('never takes anything for PromQL that is none', () => {
    for (const expr of ['a >', 'sum by (', '', '> 1', 'a{b=}', 'a > 1 )'])
      expect(readExpression(expr), expr).toMatchObject({ ok: false, reason: expect.any(String) });
    const result = imported([
      { alert: 'bad', expr: 'a >' },
      { alert: 'good', expr: 'a > 1' },
    ]);
    expect(Object.keys(rulesOf(result))).toEqual(['good']);
    expect(noteTexts(result)).toContainEqual(expect.stringMatching(/^left out: the alert bad: expected PromQL/));
  });

  it('says of each line that it leaves out', async () => {
    const text = `groups:
  - name: g
    limit: 10
    rules:
      - record: a:rate
        expr: rate(a[5m])
      - alert: Templated
        expr: m > 1
        labels: {severity: warning, host: "{{ $labels.host }}"}
        annotations:
          summary: "is {{ $value }}"
          runbook_url: https://runbooks.example.com/m
      - {alert: Told, expr: m > 1, labels: {severity: info}}
      - {alert: Odd, expr: m > 1, labels: {severity: purple}, zzz: 1}
`;
    const ran = await tocsin(['import', 'prometheus-rules', 'rules.yml'], { cwd: folderOf({ 'rules.yml': text }) });
    expect(ran.code).toBe(0);
    const lines = ran.err
      .split('\n')
      .flatMap((line) => /^rules\.yml:(\d+): (left out|differs): /.exec(line)?.slice(1).join(' ') ?? []);
    expect(lines).toEqual([
      '3 left out',
      '5 left out',
      '9 left out',
      '11 left out',
      '12 left out',
      '13 left out',
      '14 differs',
      '14 left out',
    ]);
  });
});

/**
 * When Prometheus fires: an alert is pending from its first evaluation on, and fires once it has
 * been for long enough.
 */
function firesAt(breaches: readonly boolean[], waitMinutes: number, intervalMinutes: number): number {
  let since: number | undefined;
  for (const [at, breach] of breaches.entries()) {
    if (!breach) since = undefined;
    else {
      since ??= at * intervalMinutes;
      if (at * intervalMinutes - since >= waitMinutes) return at;
    }
  }
  return -1;
}
