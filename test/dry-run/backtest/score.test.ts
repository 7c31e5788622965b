import { describe, expect, it } from 'vitest';
import { svgOf } from '../../../core/charts/svg.ts';
import { textPlot } from '../../../core/charts/text.ts';
import { eventsOf, type Firing, type History } from '../../../core/dry-run/backtest/history.ts';
import { firedBesides, scoreOf } from '../../../core/dry-run/backtest/score.ts';
import { plottedSeries } from '../../../core/dry-run/backtest/strips.ts';
import { readWindows } from '../../../core/dry-run/backtest/windows.ts';
import type { TimelineEntry, TimelineKind } from '../../../core/response/incidents/timeline.ts';
import { asIncidentId } from '../../../core/vocabulary/ids.ts';

const hour = 3_600_000;
const day = 24 * hour;
const firing = (from: number, to: number, name = 'a'): Firing => ({ labels: { name }, severity: 'warn', from, to });
const page = (at: number) => ({ at, severity: 'warn' as const, reason: 'triggered' });
const history = (parts: Partial<History>): History => ({
  from: 0,
  to: 14 * day,
  reach: 0,
  firing: [],
  pages: [],
  incidents: 0,
  escalations: 0,
  series: [],
  ...parts,
});

describe('the score of two weeks', () => {
  // By hand: 2 alerts of 7 hours and of 21 hours that share 4 hours = 24 of 336 hours; 3 pages in
  // two weeks.
  const two = history({
    firing: [firing(1 * day, 1 * day + 7 * hour), firing(1 * day + 3 * hour, 2 * day, 'b')],
    pages: [page(1 * day), page(1 * day + 3 * hour), page(9 * day)],
    incidents: 2,
  });

  it('counts pages a week, and time once however many series fire', () => {
    expect(scoreOf(two)).toEqual({
      days: 14,
      pages: 3,
      pagesAWeek: 1.5,
      incidents: 2,
      alerts: 2,
      escalations: 0,
      firingShare: 24 / 336,
    });
  });

  it('finds a window from its own start on, and calls what overlaps none false', () => {
    const windows = [
      { from: 1 * day - 2 * hour, to: 1 * day + hour },
      { from: 5 * day, to: 6 * day },
      { from: 20 * day, to: 21 * day },
    ];
    const { labelled } = scoreOf(two, windows);
    // The third window lies after the data. The second alert begins after the first window has
    // ended.
    expect(labelled?.windows.map(({ delayMs }) => delayMs)).toEqual([2 * hour, undefined]);
    expect(labelled).toMatchObject({ found: 1, recall: 0.5, trueAlerts: 1, precision: 0.5, medianDelayMs: 2 * hour });
    // The second page was sent during the first alert, which is true; the third during none.
    expect(labelled?.truePages).toBe(2);
  });

  it('has no delay where an alert fires already, and takes the earliest of several', () => {
    const { labelled } = scoreOf(two, [{ from: 1 * day + 4 * hour, to: 2 * day }]);
    expect(labelled).toMatchObject({ recall: 1, precision: 1, medianDelayMs: 0 });
  });

  it('takes an alert for true that comes after a window by no more than one point looks back', () => {
    const late = [{ from: 1 * day - 5 * hour, to: 1 * day - 2 * hour }];
    expect(scoreOf({ ...two, reach: 1 * hour }, late).labelled).toMatchObject({ found: 0, trueAlerts: 0, truePages: 0 });
    const { labelled } = scoreOf({ ...two, reach: 2 * hour }, late);
    expect(labelled).toMatchObject({ found: 1, trueAlerts: 1, truePages: 2, medianDelayMs: 5 * hour });
    expect(labelled?.windows).toEqual([{ ...late[0], delayMs: 5 * hour }]);
  });

  it('does not call an alert true that ended when the window began', () => {
    const next = [{ from: 2 * day, to: 3 * day }];
    expect(scoreOf(two, next).labelled).toMatchObject({ found: 0, trueAlerts: 0 });
    expect(scoreOf(two, [{ from: 2 * day - 1, to: 3 * day }]).labelled).toMatchObject({ found: 1, trueAlerts: 1 });
  });

  it('has no precision without an alert and no recall without a window', () => {
    const { labelled } = scoreOf(history({}), []);
    expect(labelled).toMatchObject({ precision: undefined, recall: undefined, medianDelayMs: undefined, truePages: 0 });
  });

  it('knows what another rule fired for besides, series by series', () => {
    const other = history({
      firing: [firing(1 * day, 1 * day + hour), firing(1 * day, 1 * day + hour, 'c'), firing(8 * day, 9 * day)],
    });
    expect(firedBesides(other, two)).toEqual([firing(1 * day, 1 * day + hour, 'c'), firing(8 * day, 9 * day)]);
  });

  it('of no time at all is finite', () => {
    expect(scoreOf(history({ to: 0 }))).toMatchObject({ pagesAWeek: 0, firingShare: 0, days: 0 });
  });
});

describe('what a timeline says', () => {
  const entry = (at: number, kind: TimelineKind, data: object = {}, severity: 'warn' | 'critical' = 'warn'): TimelineEntry => ({
    incidentId: asIncidentId('inc-1'),
    version: 1,
    n: 0,
    at,
    kind,
    severity,
    text: '',
    actor: 'tocsin',
    data: { ...data },
  });
  const labels = { name: 'a' };
  const timeline = [
    entry(1, 'opened'),
    entry(1, 'alert fired', { labels }),
    entry(2, 'page', { reason: 'triggered' }),
    entry(2, 'page', { reason: 'triggered' }),
    entry(3, 'page', { reason: 'escalated' }),
    entry(4, 'severity raised', { labels }, 'critical'),
    entry(4, 'page', { reason: 'severity raised' }, 'critical'),
    entry(6, 'alert resolved', { labels }),
    entry(7, 'page', { reason: 'resolved' }),
    entry(8, 'alert fired', { labels }),
  ];

  it('is one page a reason, however many are told; escalations are counted apart, and an alert without end lasts', () => {
    expect(eventsOf(timeline, 0, 10)).toEqual({
      from: 0,
      to: 10,
      firing: [
        { labels, severity: 'critical', from: 1, to: 6 },
        { labels, severity: 'warn', from: 8, to: 10 },
      ],
      pages: [
        { at: 2, severity: 'warn', reason: 'triggered' },
        { at: 4, severity: 'critical', reason: 'severity raised' },
      ],
      incidents: 1,
      escalations: 1,
    });
  });

  it('is cut where scoring begins', () => {
    const { firing: spans, pages, incidents } = eventsOf(timeline, 4, 10);
    expect(spans[0]).toEqual({ labels, severity: 'critical', from: 4, to: 6 });
    expect(pages.map(({ at }) => at)).toEqual([4]);
    expect(incidents).toBe(0);
  });
});

describe('labelled windows', () => {
  it('are pairs, objects, or those of a file in the form of the Numenta benchmark', () => {
    const pairs = [['2026-01-02', '2026-01-03 12:00:00.000000']];
    const windows = [{ from: Date.UTC(2026, 0, 2), to: Date.UTC(2026, 0, 3, 12) }];
    expect(readWindows(pairs, 'x.csv')).toEqual({ ok: true, windows });
    expect(readWindows({ 'b/x.csv': pairs, 'x.csv': [] }, 'data/b/x.csv')).toEqual({ ok: true, windows });
    expect(readWindows([{ from: '1767312000000', to: '2026-01-03T12:00Z', label: 'storm' }], 'x')).toEqual({
      ok: true,
      windows: [{ ...windows[0], label: 'storm' }],
    });
  });

  it.each([
    [{ 'y.csv': [] }, 'no entry of x.csv'],
    [[['2026-01-02']], 'window 0: expected from and to'],
    [[['2026-01-03', '2026-01-02']], 'from not after to'],
    [[null], 'window 0'],
    ['soon', 'expected a list of windows; received "soon"'],
    [null, 'expected a list of windows; received null'],
  ])('refuses %j', (value, reason) => {
    const read = readWindows(value, 'x.csv');
    expect(read.ok ? '' : read.error).toContain(reason);
  });
});

describe('of several series', () => {
  it('the one is plotted that fired longest, and without any the first', () => {
    const series = ['a', 'b', 'c'].map((name) => ({ labels: { name }, judgements: [] }));
    const fired = [firing(0, 3, 'a'), firing(0, 2, 'b'), firing(5, 7, 'b')];
    expect(plottedSeries(history({ series, firing: fired }))?.labels).toEqual({ name: 'b' });
    expect(plottedSeries(history({ series }))?.labels).toEqual({ name: 'a' });
    expect(plottedSeries(history({}))).toBeUndefined();
  });
});

describe('a plot', () => {
  const judgements = [1, 2, 3, 10, 4].map((value, index) => ({ at: index, status: 'ok' as const, value, warn: 5 }));
  const plot = {
    title: 'Latency <of> "a" & b',
    from: 0,
    to: 4,
    judgements,
    strips: [{ name: 'rule', spans: [{ from: 3, to: 4, severity: 'warn' as const }], marks: [{ at: 3, wrong: true }] }],
    windows: [{ from: 2, to: 3 }],
  };

  it('of a terminal shows values, bounds, spans and pages in their columns', () => {
    expect(textPlot(plot, 5, 4).split('\n').slice(1, 8)).toEqual([
      '      10 │   █',
      '         │',
      '         │--█-█',
      '       1 │██',
      '         └─────',
      '    rule │   ×▒',
      'labelled │  ██',
    ]);
  });

  it('as SVG is well-formed, escaped, the same every time and readable in the dark', () => {
    const svg = svgOf(plot);
    expect(svg).toBe(svgOf(plot));
    expect(svg).toContain('Latency &lt;of&gt; &quot;a&quot; &amp; b');
    expect(svg).toContain('prefers-color-scheme:dark');
    for (const name of ['value', 'warn-line', 'labelled', 'warn', 'wrong']) expect(svg).toContain(`class="${name}"`);
    expect(svg).not.toContain('NaN');
  });

  it('of nothing, of one value and of a constant is a plot all the same', () => {
    for (const some of [[], judgements.slice(0, 1), judgements.map((one) => ({ ...one, value: 5 }))]) {
      for (const to of [0, 4]) {
        for (const size of ['wide', 'narrow'] as const)
          expect(svgOf({ ...plot, judgements: some, to }, size)).not.toMatch(/NaN|Infinity|undefined/);
        expect(textPlot({ ...plot, judgements: some, to }, 20, 5)).not.toMatch(/NaN|Infinity|undefined/);
      }
    }
  });
});
