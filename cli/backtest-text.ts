import type { Firing, History } from '../core/dry-run/backtest/history.ts';
import { firedBesides, type Score } from '../core/dry-run/backtest/score.ts';
import { oneLine } from '../core/vocabulary/printable.ts';
import { formatDuration } from '../core/vocabulary/units.ts';

/** One way to judge the data: the rule, another config's rule, or the rule as a plain threshold. */
export type Judged = { name: string; history: History; score: Score };

const share = (value: number | undefined): string => (value === undefined ? '-' : `${(100 * value).toFixed(1)} %`);
const span = (ms: number | undefined): string => (ms === undefined ? '-' : formatDuration(ms - (ms % 1000)));

/** The figures side by side, one column each. */
export function scoreTable(all: readonly Judged[]): string {
  const rows: [string, (score: Score) => string][] = [
    ['pages a week', ({ pagesAWeek }) => pagesAWeek.toFixed(2)],
    ['pages', ({ pages }) => String(pages)],
    ['incidents', ({ incidents }) => String(incidents)],
    ['alerts', ({ alerts }) => String(alerts)],
    ['time firing', ({ firingShare }) => share(firingShare)],
  ];
  if (all.some(({ score }) => score.labelled !== undefined)) {
    rows.push(
      ['true pages', ({ labelled }) => String(labelled?.truePages ?? '-')],
      ['precision', ({ labelled }) => share(labelled?.precision)],
      ['recall', ({ labelled }) => `${share(labelled?.recall)} (${labelled?.found ?? 0} of ${labelled?.windows.length ?? 0})`],
      ['detection delay', ({ labelled }) => span(labelled?.medianDelayMs)],
    );
  }
  const cells = [['', ...all.map(({ name }) => name)], ...rows.map(([name, of]) => [name, ...all.map(({ score }) => of(score))])];
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0))) ?? [];
  return cells
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('   ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

const time = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');

/**
 * How the rule met each labelled window, and what a plain threshold would have fired for in
 * addition.
 */
export function detailText(rule: Judged, raw: Judged | undefined, most = 10): string {
  const lines: string[] = [];
  for (const { from, to, label, delayMs } of rule.score.labelled?.windows ?? []) {
    const met = delayMs === undefined ? 'missed' : `found after ${span(delayMs)}`;
    lines.push(`${time(from)} to ${time(to)}  ${met}${label === undefined ? '' : `  (${oneLine(label)})`}`);
  }
  if (raw !== undefined) {
    const besides = firedBesides(raw.history, rule.history);
    const pages = raw.score.pages - rule.score.pages;
    lines.push(
      `A plain threshold would have sent ${pages >= 0 ? `${pages} pages more` : `${-pages} pages fewer`}, and fired ${besides.length} times when this rule did not${besides.length === 0 ? '.' : ':'}`,
    );
    for (const { from, to, severity } of besides.slice(0, most)) lines.push(`  ${time(from)} to ${time(to)}  ${severity}`);
    if (besides.length > most) lines.push(`  and ${besides.length - most} more (--json has all)`);
  }
  return lines.map((line) => `${line}\n`).join('');
}

/** The `--json` output for one way to judge; times in ISO 8601. */
export function jsonOf({ name, history, score }: Judged): Record<string, unknown> {
  const iso = (at: number): string => new Date(at).toISOString();
  const spans = (all: readonly Firing[]) => all.map((one) => ({ ...one, from: iso(one.from), to: iso(one.to) }));
  const { labelled, ...figures } = score;
  return {
    name,
    from: iso(history.from),
    to: iso(history.to),
    ...figures,
    ...(labelled === undefined
      ? {}
      : {
          labelled: { ...labelled, windows: labelled.windows.map((one) => ({ ...one, from: iso(one.from), to: iso(one.to) })) },
        }),
    pagedFor: history.pages.map((page) => ({ ...page, at: iso(page.at) })),
    firing: spans(history.firing),
  };
}
