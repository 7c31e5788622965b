import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exposed, exposedParts, expositionFor } from '../../../core/selfcheck/metrics/exposition.ts';
import { countedBy, type MetricFamily } from '../../../core/selfcheck/metrics/family.ts';

const family: MetricFamily = {
  name: 'tocsin_tick_duration',
  kind: 'gauge',
  unit: 'seconds',
  help: 'How long it "took".\nIn \\ all.',
  points: [{ labels: {}, value: 0.25 }],
};
const counter: MetricFamily = {
  name: 'tocsin_ignored_alerts',
  kind: 'counter',
  help: 'Ignored.',
  points: [{ labels: { source: 'prom' }, value: 3 }],
};

describe('the text of metrics', () => {
  it('comes in parts, however many points there are', () => {
    const points = Array.from({ length: 5000 }, (_, at) => ({ labels: { at: String(at % 4500) }, value: at }));
    const parts = [...exposedParts([{ ...counter, points }, family], 'openMetrics')];
    expect(parts.every((part) => part.endsWith('\n') && part.split('\n').length <= 1001)).toBe(true);
    expect(parts.join('')).toBe(exposed([{ ...counter, points: points.slice(0, 4500) }, family], 'openMetrics'));
  });

  it('names units, and counters by what the format wants', () => {
    expect(exposed([family, counter], 'openMetrics')).toBe(
      `# TYPE tocsin_tick_duration_seconds gauge
# UNIT tocsin_tick_duration_seconds seconds
# HELP tocsin_tick_duration_seconds How long it \\"took\\".\\nIn \\\\ all.
tocsin_tick_duration_seconds 0.25
# TYPE tocsin_ignored_alerts counter
# HELP tocsin_ignored_alerts Ignored.
tocsin_ignored_alerts_total{source="prom"} 3
# EOF
`,
    );
    expect(exposed([family, counter], 'text', ['one\ntwo'])).toBe(
      `# one two
# TYPE tocsin_tick_duration_seconds gauge
# HELP tocsin_tick_duration_seconds How long it "took".\\nIn \\\\ all.
tocsin_tick_duration_seconds 0.25
# TYPE tocsin_ignored_alerts_total counter
# HELP tocsin_ignored_alerts_total Ignored.
tocsin_ignored_alerts_total{source="prom"} 3
`,
    );
  });

  it('writes numbers as scrapers read them', () => {
    const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e21, -0, 5e-324];
    const points = values.map((value, at) => ({ labels: { at: String(at) }, value }));
    const text = exposed([{ ...counter, kind: 'gauge', points }], 'text');
    expect([...text.matchAll(/\} (.*)$/gm)].map(([, number]) => number)).toEqual(['NaN', '+Inf', '-Inf', '1e+21', '0', '5e-324']);
  });

  it('is lines of the format whatever labels hold, and no series comes twice', () => {
    const labels = fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), { maxKeys: 4 });
    const points = fc.array(fc.record({ labels, value: fc.double() }), { maxLength: 8 });
    const sample =
      /^tocsin_ignored_alerts(\{[A-Za-z_][A-Za-z0-9_]*="(?:[^"\\\n]|\\[\\n"])*"(?:,[A-Za-z_][A-Za-z0-9_]*="(?:[^"\\\n]|\\[\\n"])*")*\})? \S+$/;
    fc.assert(
      fc.property(points, (some) => {
        const text = exposed([{ ...counter, kind: 'gauge', points: some }], 'openMetrics');
        const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
        for (const line of samples) expect(line).toMatch(sample);
        for (const line of samples) expect(line).not.toMatch(/[{,]__/);
        const series = samples.map((line) => line.slice(0, line.lastIndexOf(' ')));
        expect(new Set(series).size).toBe(series.length);
        for (const line of series) {
          const names = [...line.matchAll(/[{,]([A-Za-z_][A-Za-z0-9_]*)="(?:[^"\\]|\\.)*"/g)].map(([, name]) => name);
          expect(new Set(names).size).toBe(names.length);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is OpenMetrics only for those who ask for it', () => {
    const prometheus =
      'application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3';
    expect(expositionFor(prometheus)).toBe('openMetrics');
    for (const accept of ['', '*/*', 'text/plain', 'text/html,application/xhtml+xml', 'application/openmetrics-text;q=0'])
      expect(expositionFor(accept)).toBe('text');
  });
});

it('things with equal labels are counted together', () => {
  const things = ['a', 'b', 'a'];
  expect(countedBy(things, (one) => ({ one }))).toEqual([
    { labels: { one: 'a' }, value: 2 },
    { labels: { one: 'b' }, value: 1 },
  ]);
});
