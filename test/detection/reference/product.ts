import { evaluate } from '../../../app/evaluate/evaluate.ts';
import { newInFlight } from '../../../app/in-flight.ts';
import type { Ports } from '../../../app/ports/ports.ts';
import { everySource, type Source } from '../../../app/ports/source.ts';
import type { Alert } from '../../../core/alerting/alerts/alert.ts';
import type { Verdict } from '../../../core/detection/verdict.ts';
import { sqliteStore } from '../../../stores/sqlite/index.ts';
import { configOf, type Found, type FoundKind, type Seen, type Story } from './story.ts';

const unused: Source = { query: () => Promise.reject(new Error('this source is no part of the story')) };

/**
 * Runs stories that share their ticks through the product: a rule each, or with `oneRule` a series
 * each of the first one's rule, judged by `evaluate` on a store in memory, with the points of the
 * story in place of its source. Only delivery is left out. For each story, what was seen after each
 * tick.
 */
export async function productOf(stories: readonly Story[], { oneRule = false } = {}): Promise<Seen[][]> {
  const series = stories.map(({ points, failing = [] }, index) => ({
    failing,
    ruleId: oneRule ? 'r0' : `r${index}`,
    labels: { model: `s${index}` },
    points: [...points].sort((a, b) => a.at - b.at),
  }));
  const source: Source = {
    query: async (_name, _source, requests, now) =>
      requests.map(({ ruleId, from, to }) => {
        const ofRule = series.filter((one) => one.ruleId === ruleId);
        if (ofRule.some(({ failing }) => failing.includes(now))) return { ok: false, error: 'does not answer' };
        const answer = ofRule.flatMap(({ labels, points }) => {
          const known = points.filter(({ at, knownAt }) => knownAt <= now && at <= now);
          // A series that nobody has heard of is in no answer.
          if (known.length === 0) return [];
          return [{ labels, points: known.filter(({ at }) => at > from && at <= to).map(({ knownAt: _, ...point }) => point) }];
        });
        return { ok: true, series: answer };
      }),
  };
  const store = sqliteStore({ path: ':memory:' });
  let verdicts = new Map<string | undefined, Verdict>();
  const ports: Ports = {
    inFlight: newInFlight(),
    config: configOf(oneRule ? stories.slice(0, 1) : stories),
    store,
    sources: { ...everySource(source), predictions: unused },
    channels: {} as Ports['channels'],
    hooks: {} as Ports['hooks'],
    secrets: { get: async () => undefined },
    log: () => {},
    observe: () => {},
    observeVerdict: ({ labels, verdict }) => void verdicts.set(labels['model'], verdict),
  };
  const seen: Seen[][] = stories.map(() => []);
  for (const now of stories[0]?.ticks ?? []) {
    verdicts = new Map();
    await evaluate(ports, now, { together: 'for all' });
    const alerts = new Map<string | undefined, Alert>();
    for (const alert of await store.alerts()) if (alert.aboutRule !== true) alerts.set(alert.labels['model'], alert);
    for (const [index, list] of seen.entries()) list.push(seenOf(now, verdicts.get(`s${index}`), alerts.get(`s${index}`)));
  }
  await store.close();
  return seen;
}

function seenOf(now: number, verdict: Verdict | undefined, alert: Alert | undefined): Seen {
  const found = verdict === undefined ? undefined : foundOf(verdict);
  if (alert === undefined || alert.state === 'resolved') return { now, found, state: 'ok', severity: undefined };
  const severity = alert.state === 'pending' ? undefined : (alert.severity as 'warn' | 'critical');
  return { now, found, state: alert.state, severity };
}

function foundOf(verdict: Verdict): Found {
  return { kind: kindOf(verdict), baseline: verdict.baseline?.value, reason: verdict.reason };
}

function kindOf({ status, judged, refused, reason }: Verdict): FoundKind {
  if (status === 'ok' || status === 'warn' || status === 'critical' || status === 'no data') return status;
  if (status !== 'insufficient evidence') throw new Error(`a story has no verdict of ${status}: ${reason}`);
  if (judged) return 'not significant';
  return refused === undefined ? 'not judged' : 'baseline refused';
}
