import { expect, it } from 'vitest';
import type { TimelineEntry } from '../../core/response/incidents/timeline.ts';
import { asIncidentId } from '../../core/vocabulary/ids.ts';
import { lineLog, narrator } from '../../local/narrate.ts';

const entry = (more: Partial<TimelineEntry>): TimelineEntry => ({
  incidentId: asIncidentId('inc-1'),
  version: 1,
  n: 0,
  at: Date.UTC(2026, 0, 5, 9),
  kind: 'opened',
  severity: 'critical',
  text: 'latency 250',
  actor: 'tocsin',
  ...more,
});

function told(entries: TimelineEntry[], options: { colors?: boolean; everything?: boolean } = {}): string[] {
  const lines: string[] = [];
  narrator({ write: (line) => lines.push(line), colors: false, ...options })(entries, []);
  return lines;
}

it('tells time, severity, what, why and, where it was a person, who', () => {
  const entries = [
    entry({}),
    entry({ kind: 'acknowledged', severity: 'warn', text: 'escalation stops', actor: 'responder/ana' }),
  ];
  expect(told(entries)).toEqual([
    '2026-01-05 09:00:00Z  critical  opened           latency 250',
    '2026-01-05 09:00:00Z  warn      acknowledged     escalation stops (responder/ana)',
  ]);
});

it('leaves to the printed page what it says already, unless everything is asked for', () => {
  const entries = [entry({ kind: 'page' }), entry({ kind: 'page delivered' })];
  expect(told(entries)).toHaveLength(1);
  expect(told(entries, { everything: true })).toHaveLength(2);
});

it('tells the first of very many that are alike, and how many more there are', () => {
  const entries = Array.from({ length: 100 }, (_, n) => entry({ n, kind: 'alert fired', text: `pod ${n} is down` }));
  const lines = told([entry({}), ...entries, entry({ incidentId: asIncidentId('inc-2'), kind: 'alert fired' })]);
  expect(lines).toHaveLength(13);
  expect(lines[10]).toContain('pod 9 is down');
  expect(lines.at(-1)).toBe('2026-01-05 09:00:00Z  critical  alert fired      and 90 more, on the timeline of inc-1');
  expect(told(entries, { everything: true })).toHaveLength(100);
});

it('lets no text from outside break a line or move the cursor', () => {
  const lines = told([entry({ text: 'a\u001b[2J\nb\r\u0007c\ud800', actor: 'x\u001b]0;y' })]);
  expect(lines).toEqual(['2026-01-05 09:00:00Z  critical  opened           a [2J b c\ufffd (x ]0;y)']);
});

it('colours only when it is asked to', () => {
  expect(told([entry({})], { colors: true }).join()).toContain('\u001b[31mcritical');
});

it('writes the log of the service from warnings on, each in one line', () => {
  const lines: string[] = [];
  const log = lineLog(
    (line) => lines.push(line),
    () => 0,
  );
  log('info', 'quiet');
  log('warn', 'a page failed', { error: 'line one\nline two', tries: 3 });
  expect(lines).toEqual(['1970-01-01 00:00:00Z  warn: a page failed error="line one\\nline two" tries=3']);
});
