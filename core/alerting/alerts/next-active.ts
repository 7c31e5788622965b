import { learnsFrom } from '../../detection/learning.ts';
import { judgesOf, type Rule } from '../../detection/rules/rule-schema.ts';
import type { Verdict } from '../../detection/verdict.ts';
import type { Severity } from '../../vocabulary/schema-parts.ts';
import { pagedAs } from '../../vocabulary/severity.ts';
import { formatDuration } from '../../vocabulary/units.ts';
import { unknownKind } from '../../vocabulary/unknown-kind.ts';
import type { Alert } from './alert.ts';
import { type AlertStep, type AlertSubject, numbersOf, type Signal } from './alert-step.ts';
import type { AlertChangeKind } from './change-kind.ts';
import { ended } from './remembered.ts';
import { withSpan } from './spans.ts';

/** Whether a verdict finds the alert in each band; undefined if it cannot tell. */
type Found = { warn?: boolean; critical?: boolean };

/**
 * Handles a firing or recovering alert. Each band has a clock. It starts when a verdict finds the
 * alert out of the band, keeps running while verdicts cannot tell, and stops when one finds it in
 * the band again. After `keepFiring` on the clock the alert leaves the band. So an alert whose
 * series goes silent after recovery still ends; a source error alone ends nothing.
 */
export function nextActive(active: Alert, verdict: Verdict, signal: Signal, subject: AlertSubject): AlertStep {
  const unchanged: AlertStep = { alert: active, change: undefined };
  if (verdict.status === 'error' && signal === 'hold') return unchanged;
  const { at: now } = verdict;
  const { keepFiring } = subject.rule;
  const found = foundBy(verdict, signal);
  const was = active.state === 'recovering' ? active.breachedAt : undefined;
  const wellSince = clockOf(found.warn, was, now);
  if (wellSince !== undefined && now - wellSince >= keepFiring) return resolved(active, verdict, signal, subject);
  const below = active.severity === 'critical' ? clockOf(found.critical, active.belowSince ?? was, now) : undefined;
  const leaves = below !== undefined && now - below >= keepFiring;
  const severity: Severity = found.critical === true ? 'critical' : leaves ? 'warn' : pagedAs(active.severity);
  const belowSince = leaves ? undefined : below;
  const next = { state: wellSince === undefined ? 'firing' : 'recovering', severity, belowSince } as const;
  const change = changeOf(active, verdict, next);
  if (change === undefined) return unchanged;
  const isBreach = signal === 'breach';
  const stays = belowSince === undefined || !isBreach || verdict.status === 'no data';
  return {
    alert: {
      ...active,
      ...(isBreach ? numbersOf(verdict) : { evaluatedAt: now }),
      reason: stays
        ? verdict.reason
        : `${verdict.reason}; it stays critical until it has been below that for ${formatDuration(keepFiring)}`,
      ...baselineOf(active, verdict),
      ...next,
      breachedAt: wellSince ?? (found.warn === true ? now : active.breachedAt),
      breachedFrom: earliest(active, verdict),
    },
    change,
  };
}

/** The alert's own first baseline wins. Until then an earlier alert's baseline stands in. */
const baselineOf = ({ baseline, pinned }: Alert, verdict: Verdict): Pick<Alert, 'baseline' | 'pinned'> =>
  (pinned === true || baseline === undefined) && verdict.judged && verdict.baseline !== undefined
    ? { baseline: verdict.baseline, pinned: undefined }
    : { baseline, pinned };

function foundBy({ status, tells = {} }: Verdict, signal: Signal): Found {
  switch (signal) {
    case 'hold':
      return tells;
    case 'clear':
      return { warn: false, critical: false };
    case 'breach':
      // Missing data says nothing about severity.
      return status === 'no data' ? { warn: true } : { warn: true, critical: status === 'critical' };
  }
}

function clockOf(isIn: boolean | undefined, since: number | undefined, now: number): number | undefined {
  if (isIn === undefined) return since;
  return isIn ? undefined : (since ?? now);
}

/** The change of an ongoing alert that is worth writing, or undefined. */
function changeOf(
  active: Alert,
  { status, point, breachedFrom }: Verdict,
  next: Pick<Alert, 'state' | 'severity' | 'belowSince'>,
): AlertChangeKind | undefined {
  if (next.severity !== active.severity) return next.severity === 'critical' ? 'severity raised' : 'severity lowered';
  if (next.state !== active.state) return next.state === 'firing' ? 'firing again' : 'recovering';
  if (breachedFrom !== undefined && breachedFrom < (active.breachedFrom ?? Number.POSITIVE_INFINITY))
    return active.breachedFrom === undefined ? 'breach found' : 'began earlier';
  if (next.state === 'recovering') return undefined;
  if (next.belowSince !== active.belowSince) return next.belowSince === undefined ? 'critical again' : 'below critical';
  if (status !== 'warn' && status !== 'critical') return undefined;
  // It fired for missing data, and now there is a value.
  return point !== undefined && active.value === undefined ? 'breach found' : undefined;
}

function resolved(active: Alert, verdict: Verdict, signal: Signal, subject: AlertSubject): AlertStep {
  const { rule } = subject;
  const reason = signal === 'hold' ? `${active.reason}; then ${verdict.reason}` : verdict.reason;
  const from = earliest(active, verdict);
  return ended(
    {
      ...active,
      ...numbersOf(verdict),
      reason,
      baseline: active.baseline,
      ...(active.baseline !== undefined && learnsFrom(rule) > 0 ? { pinned: true } : {}),
      state: 'resolved',
      resolvedAt: verdict.at,
      excluded:
        from === undefined
          ? active.excluded
          : withSpan(active.excluded, { from, to: Math.max(from, judgedTo(active, verdict, rule)) }, rule.step),
    },
    subject,
    'resolved',
  );
}

/** A point from the start of the breach may arrive late. */
const earliest = (active: Alert, verdict: Verdict): number | undefined => {
  const times = [active.breachedFrom, verdict.breachedFrom].filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
};

/**
 * Until when points belong to an alert that ends with this verdict. For drift, the judged spans
 * since the first evaluation that found it well are healthy as a whole.
 */
function judgedTo({ state, breachedAt }: Alert, { point, judgedTo: to, at }: Verdict, rule: Rule): number {
  const judges = judgesOf(rule);
  switch (judges) {
    case 'profiles':
      return point === undefined ? at : point.at - rule.step - (state === 'recovering' ? at - breachedAt : 0);
    case 'points':
    case 'alerts':
      return point?.at ?? to ?? at;
    default:
      return unknownKind('subject of rules', judges);
  }
}
