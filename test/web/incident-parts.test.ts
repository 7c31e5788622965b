import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TimelineEntryDto } from '../../http/api/dto/timeline-entry.ts';
import { chartCsv, chartOfDto } from '../../web/charts/chart-data.ts';
import { safeAddress } from '../../web/runbook/safe-address.ts';
import { filtered, timelineFilters, timelineRows } from '../../web/screens/incident/timeline-rows.ts';

const at = '2026-01-05T09:00:00.000Z';
const entry = (kind: TimelineEntryDto['kind'], more: Partial<TimelineEntryDto> = {}): TimelineEntryDto => ({
  ...{ at, kind, severity: 'critical', text: kind, actor: 'tocsin' },
  ...more,
});

describe('the address of a link in a runbook', () => {
  it.each([
    ['https://a.example/x', 'https://a.example/x'],
    ['mailto:ops@a.example', 'mailto:ops@a.example'],
    ['#steps', '#steps'],
    ['/rules/x', '/rules/x'],
    ['other.md', '/runbooks/other'],
    ['./other.md#first', '/runbooks/other#first'],
  ])('%s is followed', (href, address) => expect(safeAddress(href)).toBe(address));

  it.each([
    'javascript:alert(1)',
    ' JaVaScRiPt:alert(1)',
    'data:text/html,x',
    '//evil.example',
    'vbscript:x',
    'x:y',
    'java\nscript:x',
  ])('%s is not', (href) => expect(safeAddress(href)).toBeUndefined());

  it('has no scheme but http, https and mail, whatever is written', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (scheme, rest) => {
        const address = safeAddress(`${scheme}:${rest}`);
        if (address === undefined) return;
        expect(['http:', 'https:', 'mailto:']).toContain(new URL(address, 'https://tocsin.example/').protocol);
      }),
    );
  });
});

describe('the timeline', () => {
  const page = entry('page', { data: { target: 'responder/ana', reason: 'triggered' } });
  const delivered = entry('page delivered', { data: { target: 'responder/ana', reason: 'triggered', contact: 'sns:ana' } });

  it('is newest first, and folds deliveries into their page', () => {
    const rows = timelineRows([entry('opened'), page, delivered, entry('escalated'), entry('noted', { actor: 'web:ana' })]);
    expect(rows.map(({ entry: { kind } }) => kind)).toEqual(['noted', 'escalated', 'page', 'opened']);
    expect(rows[2]?.deliveries).toEqual([delivered]);
  });

  it('keeps a delivery whose page is not there, and has each row under one filter besides all', () => {
    const rows = timelineRows([
      delivered,
      page,
      entry('acknowledged', { actor: 'web:ana' }),
      entry('alert fired'),
      entry('rollback'),
    ]);
    expect(filtered(rows, 'all')).toHaveLength(5);
    expect(timelineFilters.slice(1).map((one) => filtered(rows, one).length)).toEqual([2, 1, 1]);
  });
});

describe('a chart as CSV', () => {
  it('has a line a point, and an empty cell for what is not known', () => {
    const series = { fingerprint: 'f', rule: 'r', title: 't', labels: {} };
    const chart = chartOfDto({
      ...{ at, title: 't', of: series, series: [series], from: at, to: at, isPinned: false, sentence: '', marks: [] },
      points: [
        { at, status: 'critical', reason: '', value: 0.5, count: 9, interval: { low: 0.2, high: 0.8 }, baseline: 0.9 },
        { at, status: 'no data', reason: '' },
      ],
    });
    expect(chartCsv(chart).split('\n').slice(1)).toEqual([
      `${at},0.5,9,0.2,0.8,0.9,,,critical,,`,
      `${at},,,,,,,,not judged,,`,
      '',
    ]);
  });
});
