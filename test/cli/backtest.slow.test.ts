import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { config, project, tocsin, understood } from './run.ts';

const start = Date.UTC(2026, 0, 5);
/** Minutes of a day, of which 24 hours times 60 are 1440. */
const minutes = (value: (minute: number) => number): string =>
  Array.from({ length: 1440 }, (_, n) => {
    const sample = { metric: 'latency', timestamp: new Date(start + n * 60_000).toISOString(), value: value(n) };
    return `${JSON.stringify(sample)}\n`;
  }).join('');

/** A spike of one minute in every two hours, and one hour of trouble from 10:00 on. */
const latency = minutes((n) => (n >= 600 && n < 660 ? 150 : n % 120 === 30 ? 150 : 50));
const windows = JSON.stringify([
  { from: '2026-01-05T10:00Z', to: '2026-01-05T11:00Z', label: 'trouble' },
  { from: '2026-01-05T20:10Z', to: '2026-01-05T20:20Z' },
]);
const steady = config.replace('runbook: latency\n  accuracy', 'for: 3/5\n    keepFiring: 10m\n    runbook: latency\n  accuracy');

const folder = project({
  'config/all.yaml': steady,
  'other/all.yaml': config.replace('warn: 100', 'warn: 160'),
  'data.ndjson': latency,
  'windows.json': windows,
  'windows.csv': 'from,to,label\n2026-01-05T10:00Z,2026-01-05T11:00Z,trouble\n',
});
const run = (...args: string[]) => tocsin(['backtest', ...args], { cwd: folder });

describe('tocsin backtest', () => {
  it('scores the rule, the same rule of another config, and the rule as a plain threshold', async () => {
    const args = ['slow', '--data', 'data.ndjson', '--windows', 'windows.json', '--compare', 'other', '--json'];
    const { code, out, err } = await run(...args);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const [rule, other, raw] = JSON.parse(out).results;
    // By hand: the third point of the trouble is that of 10:02, known at 10:03. The last is known
    // at 11:00; three of five breach until 11:02, so it recovers at 11:03 and ends ten minutes
    // later: 70 minutes of 1440, the day being judged from its first minute to the one after its
    // last.
    const alert = { severity: 'warn', from: '2026-01-05T10:03:00.000Z', to: '2026-01-05T11:13:00.000Z' };
    expect(rule.firing).toEqual([expect.objectContaining(alert)]);
    expect(rule).toMatchObject({ name: 'this rule', pages: 1, incidents: 1, alerts: 1, firingShare: 70 / 1440 });
    expect(rule.pagesAWeek).toBeCloseTo(7, 10);
    expect(rule.pagedFor).toEqual([{ at: '2026-01-05T10:03:30.000Z', severity: 'warn', reason: 'triggered' }]);
    expect(rule.labelled).toMatchObject({ found: 1, recall: 0.5, precision: 1, truePages: 1, medianDelayMs: 180_000 });
    // A bound of 160 is never passed.
    expect(other).toMatchObject({ name: 'compared', pages: 0, alerts: 0, labelled: { recall: 0 } });
    // One page for each of the eleven spikes outside the trouble, and one for that, which is seen
    // two minutes sooner.
    expect(raw).toMatchObject({ name: 'plain threshold', pages: 12, alerts: 12 });
    expect(raw.labelled).toMatchObject({ trueAlerts: 1, precision: 1 / 12, medianDelayMs: 60_000 });
  });

  it('scores only the end of the data where it is told to', async () => {
    const { out } = await run('slow', '--data', 'data.ndjson', '--since', '12h', '--json');
    const [rule, raw] = JSON.parse(out).results;
    expect(rule).toMatchObject({ from: '2026-01-05T12:01:00.000Z', to: '2026-01-06T00:01:00.000Z', pages: 0, days: 0.5 });
    expect(raw.pages).toBe(6);
    expect(rule).not.toHaveProperty('labelled');
  });

  it('shows a plot, the figures side by side, and what a plain threshold fires for besides; and draws it', async () => {
    const { code, out } = await run('slow', '--data', 'data.ndjson', '--windows', 'windows.csv', '--svg', 'plot.svg');
    expect(code).toBe(0);
    expect(out).toMatch(/^Latency is high\n/);
    expect(out).toMatch(/\n {7}labelled │ +█+\n/);
    expect(out).toMatch(/\npages a week +7\.00 +84\.00\n/);
    expect(out).toContain('2026-01-05 10:00 to 2026-01-05 11:00  found after 3m  (trouble)\n');
    expect(out).toContain(
      'would have sent 11 pages more, and fired 11 times when this rule did not:\n  2026-01-05 00:31 to 2026-01-05 00:32  warn\n',
    );
    expect(readFileSync(join(folder, 'plot.svg'), 'utf8')).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
  });

  it.each([
    [['slwo', '--data', 'data.ndjson'], 'has no rule "slwo"; did you mean slow?'],
    [['slow', '--data', 'none.ndjson'], 'none.ndjson cannot be read'],
    [['slow', '--data', 'data.ndjson', '--windows', 'data.ndjson'], 'data.ndjson cannot be read'],
    [['slow', '--data', 'data.ndjson', '--compare', 'nowhere'], 'there is no config at nowhere'],
  ])('%j ends with 1 and the reason', async (args, reason) => {
    const { code, out, err } = await run(...args);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(reason);
  });

  it('without data or with an odd duration is not understood', async () => {
    expect(await understood(['backtest', 'slow'])).toMatchObject({ code: 2, err: expect.stringContaining("'--data <file>'") });
    const odd = await understood(['backtest', 'slow', '--data', 'x', '--since', 'long']);
    expect(odd).toMatchObject({
      code: 2,
      err: expect.stringContaining('expected a duration such as 12h or 30d; received "long"'),
    });
  });
});
