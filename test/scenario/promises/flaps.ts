import { isPaging } from '../../../core/vocabulary/severity.ts';
import { minute, timeOf } from '../harness.ts';
import { isCall, longestWait, type Stretch, stretchesOf, type Truth, tick } from './truth.ts';

type Broken = string[];

/** While an incident flaps, as it is committed. */
const flapsOf = (truth: Truth, id: string): Stretch[] =>
  stretchesOf(
    truth.snapshots(id).map(({ at }) => at),
    truth.until,
    (time) => truth.incidentAt(id, time)?.flapping !== undefined,
  );

/**
 * Whether an incident flaps, and something of it has fired unmuted no longer ago than it has to be
 * quiet.
 */
export function isUpAndDown(truth: Truth, id: string, at: number): boolean {
  const flapping = [truth.incidentAt(id, at), truth.incidentAt(id, at - 1)].find((one) => one?.flapping !== undefined)?.flapping;
  if (flapping === undefined) return false;
  const from = at - flapping.quiet - 2 * tick;
  return [from, ...[...truth.points].filter((time) => time >= from && time <= at)].some((time) =>
    truth.loudOf(id, time).some(({ severity }) => isPaging(severity)),
  );
}

/**
 * 12. One page says that an incident flaps; nothing that comes back pages as reopened, and each
 * severity pages once an acknowledge.
 */
export function flapsPageOnce(truth: Truth): Broken {
  return truth.ids.flatMap((id) =>
    flapsOf(truth, id).flatMap(({ from, to }) => {
      const calls = truth.pages.filter(
        (page) =>
          page.incidentId === id && isCall(page) && page.contactIndex === 0 && page.createdAt >= from && page.createdAt < to,
      );
      const times = (reason: string): number =>
        new Set(calls.flatMap((page) => (page.reason === reason ? [page.createdAt] : []))).size;
      const taken = truth.presses.filter((one) => one.ok && one.incidentId === id && one.at >= from && one.at <= to).length;
      const broken: Broken = [];
      const within = `${id}, which flaps ${timeOf(from)}-${timeOf(to)},`;
      if (times('flapping') > 1) broken.push(`${within} says so ${times('flapping')} times`);
      if (times('reopened') > 0) broken.push(`${within} pages as reopened`);
      if (times('severity raised') > 1 + taken) broken.push(`${within} pages ${times('severity raised')} rises`);
      return broken;
    }),
  );
}

/**
 * 13. An incident that flaps unacknowledged goes on escalating, also while nothing fires for a
 * moment.
 */
export function flapsEscalate(truth: Truth): Broken {
  const broken: Broken = [];
  const slack = 2 * tick + truth.config.settings.pageInterval + minute + truth.config.settings.groupWait;
  for (const id of truth.ids) {
    const acts = [...truth.tried, ...truth.delivered, ...truth.failed].flatMap(({ at, page }) =>
      page.incidentId === id && isCall(page) ? [at] : [],
    );
    const unowned = stretchesOf(truth.points, truth.until, (time) => {
      const incident = truth.incidentAt(id, time);
      return incident?.flapping !== undefined && incident.status === 'triggered' && incident.counts.muted === 0;
    });
    for (const { from, to } of unowned) {
      let since = from;
      for (const at of [...acts.filter((time) => time > from && time < to).sort((a, b) => a - b), to]) {
        if (at > truth.later(since, longestWait(truth) + slack))
          broken.push(`${id} flaps unacknowledged and nobody is called from ${timeOf(since)} to ${timeOf(at)}`);
        since = at;
      }
    }
  }
  return broken;
}
