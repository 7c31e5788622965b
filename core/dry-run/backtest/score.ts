import { labelsKey } from '../../vocabulary/labels-key.ts';
import type { Firing, History, PagedFor } from './history.ts';
import type { LabelledWindow } from './windows.ts';

const weekMs = 604_800_000;

/**
 * The detection of one labelled window; `delayMs` counts from its start and is undefined if no
 * alert fired in it.
 */
export type WindowFound = LabelledWindow & { delayMs: number | undefined };

export type Score = {
  days: number;
  pages: number;
  pagesAWeek: number;
  incidents: number;
  alerts: number;
  escalations: number;
  /** Share of the time, 0 to 1, with at least one series firing. */
  firingShare: number;
  /** Only if labelled windows were given. */
  labelled?: {
    windows: WindowFound[];
    found: number;
    /** Found windows / all windows; undefined without a window. */
    recall: number | undefined;
    truePages: number;
    trueAlerts: number;
    /** True alerts / all alerts; undefined without an alert. */
    precision: number | undefined;
    medianDelayMs: number | undefined;
  };
};

type Span = { from: number; to: number };
/** An alert has ended at its `to`; a window still includes its own. */
const meets = (alert: Span, window: Span): boolean => alert.from <= window.to && window.from < alert.to;

/**
 * Scores what a rule did. A window is extended beyond its end by how far one point of the rule
 * looks back. An alert is true if it overlaps a window. A page is true if sent within a window or
 * during a true alert. A window is found if an alert fired in it; the delay runs from its start to
 * the first firing moment, and is 0 if one was already firing.
 */
export function scoreOf(history: History, windows?: readonly LabelledWindow[]): Score {
  const { from, to, firing, pages } = history;
  const length = Math.max(0, to - from);
  const score: Score = {
    days: length / 86_400_000,
    pages: pages.length,
    pagesAWeek: length === 0 ? 0 : (pages.length * weekMs) / length,
    incidents: history.incidents,
    alerts: firing.length,
    escalations: history.escalations,
    firingShare: length === 0 ? 0 : covered(firing) / length,
  };
  if (windows === undefined) return score;
  const seen = windows.filter((window) => meets(history, window));
  const reached = reaching(seen, history.reach);
  const found = seen.map((window, index) => ({ ...window, delayMs: delayOf(reached[index] ?? window, firing) }));
  const delays = found.flatMap(({ delayMs }) => (delayMs === undefined ? [] : [delayMs])).sort((a, b) => a - b);
  const trueAlerts = firing.filter((alert) => reached.some((window) => meets(alert, window)));
  score.labelled = {
    windows: found,
    found: delays.length,
    recall: seen.length === 0 ? undefined : delays.length / seen.length,
    truePages: pages.filter((page) => isTrue(page, history, seen)).length,
    trueAlerts: trueAlerts.length,
    precision: firing.length === 0 ? undefined : trueAlerts.length / firing.length,
    medianDelayMs: median(delays),
  };
  return score;
}

/** Whether a page was sent within a labelled window, or during an alert that overlaps one. */
export function isTrue({ at }: PagedFor, { firing, reach }: History, windows: readonly LabelledWindow[]): boolean {
  const during = firing.filter((alert) => alert.from <= at && at < alert.to);
  return reaching(windows, reach).some(
    (window) => (window.from <= at && at <= window.to) || during.some((alert) => meets(alert, window)),
  );
}

/** Alerts of `other` during which the rule itself did not fire on that series. */
export function firedBesides(other: History, rule: History): Firing[] {
  return other.firing.filter(
    (alert) =>
      !rule.firing.some((own) => own.from < alert.to && alert.from < own.to && labelsKey(own.labels) === labelsKey(alert.labels)),
  );
}

const reaching = (windows: readonly LabelledWindow[], reach: number): LabelledWindow[] =>
  windows.map((window) => ({ ...window, to: window.to + reach }));

function delayOf(window: LabelledWindow, firing: readonly Firing[]): number | undefined {
  const starts = firing.filter((alert) => meets(alert, window)).map((alert) => Math.max(0, alert.from - window.from));
  return starts.length === 0 ? undefined : Math.min(...starts);
}

/** Milliseconds covered by at least one span. */
function covered(spans: readonly Span[]): number {
  let total = 0;
  let end = Number.NEGATIVE_INFINITY;
  for (const { from, to } of spans.toSorted((a, b) => a.from - b.from)) {
    total += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return total;
}

/** The lower middle for an even count, so that it is a delay that really occurred. */
const median = (sorted: readonly number[]): number | undefined => sorted[Math.floor((sorted.length - 1) / 2)];
