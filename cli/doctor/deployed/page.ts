import { randomBytes } from 'node:crypto';
import type { Ports } from '../../../app/ports/ports.ts';
import { beginSynthetic, evidenceOf } from '../../../app/selfcheck/synthetic.ts';
import { endTestPage, lookAtTestPage, sendTestPage, type TestPage } from '../../../app/selfcheck/test-page.ts';
import { readSynthetic } from '../../../app/selfcheck/vitals.ts';
import type { Config } from '../../../core/config/schema.ts';
import { type PageTarget, targetText } from '../../../core/response/escalation/page-target.ts';
import type { TimelineEntry } from '../../../core/response/incidents/timeline.ts';
import type { StoredEffect } from '../../../core/response/outbox/effect.ts';
import { syntheticOutcome } from '../../../core/selfcheck/synthetic/run.ts';
import { nearest } from '../../../core/vocabulary/nearest.ts';
import { formatDuration } from '../../../core/vocabulary/units.ts';
import { StartError } from '../../../local/start-error.ts';
import { me } from '../../client/options.ts';
import { type Finding, textOf } from '../finding.ts';
import { looked } from './look.ts';
import { until, type Watch } from './watch.ts';

export type Paged = Exclude<PageTarget, { kind: 'schedule' }>;

const tableRights = 'dynamodb:GetItem, Query, BatchGetItem, PutItem, UpdateItem and DeleteItem on the table and its indexes';

/** Whom `--page` names: `ana`, `responder/ana`, `channel/ops`. Throws StartError. */
export function pagedBy(text: string, { responders, channels }: Config): Paged {
  const [, kind, name = ''] = /^(?:(responder|channel)\/)?(.+)$/.exec(text) ?? [];
  const found: Paged[] = [
    ...(kind !== 'channel' && Object.hasOwn(responders, name) ? [{ kind: 'responder' as const, name }] : []),
    ...(kind !== 'responder' && Object.hasOwn(channels, name) ? [{ kind: 'channel' as const, name }] : []),
  ];
  const [one, other] = found;
  if (one !== undefined && other === undefined) return one;
  const near = nearest(name, [...Object.keys(responders), ...Object.keys(channels)]);
  throw new StartError(
    other === undefined
      ? `--page: no responder and no channel of the config is called ${JSON.stringify(name)}${near === undefined ? '' : `; did you mean ${near}?`}`
      : `--page: ${name} is a responder and a channel; say responder/${name} or channel/${name}`,
  );
}

/**
 * Opens an incident of the synthetic tenant in the table of a deployment, which pages one target,
 * and follows it: stream, dispatch, queue, deliver, and the target's own answer. It is taken away
 * whatever happens. Only judging is not tried.
 */
export function pageTarget(ports: Ports, target: Paged, withinMs: number, watch: Watch): Promise<Finding> {
  const at = { area: 'page', what: targetText(target) } as const;
  return looked(at, tableRights, async () => {
    if (watch.signal.aborted) return { ...at, state: 'skipped', found: 'stopped before anybody was paged' };
    const id = randomBytes(6).toString('hex');
    const page = await sendTestPage(ports, target, { id, by: me(), now: watch.now() });
    watch.tell(`opened ${page.incident} to page ${at.what}; following it for up to ${formatDuration(withinMs)}`);
    const followed = await looked(at, tableRights, async () => ({
      ...at,
      ...(await followedPage(ports, page, withinMs, watch)),
    }));
    return { ...followed, ...(await takenAway(ports, page, followed, watch)) };
  });
}

/** What stays is in no list, but may page again in an hour. */
async function takenAway(ports: Ports, page: TestPage, { found }: Finding, watch: Watch): Promise<Partial<Finding>> {
  try {
    await endTestPage(ports, page, watch.now());
    return {};
  } catch (cause) {
    const why = `its incident ${page.incident} could not be taken away: ${textOf(cause)}`;
    return {
      state: 'failed',
      found: `${found}; ${why}`,
      todo: `tocsin resolve ${page.incident} --url URL --force, or it pages again in an hour`,
    };
  }
}

type Said = Pick<Finding, 'state' | 'found' | 'todo'>;

async function followedPage(ports: Ports, page: TestPage, withinMs: number, watch: Watch): Promise<Said> {
  let last: { timeline: TimelineEntry[]; page: StoredEffect | undefined } | undefined;
  const of = (kind: TimelineEntry['kind']): TimelineEntry | undefined => last?.timeline.findLast((one) => one.kind === kind);
  const result = await until(watch, withinMs, async () => {
    last = await lookAtTestPage(ports, page);
    const failed = of('page failed');
    // Another contact of the same person may still take it.
    return of('page delivered') ?? (last.page?.done === true ? failed : undefined);
  });
  if ('found' in result && result.found.kind === 'page delivered')
    return {
      state: 'ok',
      found: `an incident opened, and its page was delivered after ${formatDuration(result.tookMs)}: ${result.found.text}`,
    };
  if ('found' in result)
    return {
      state: 'failed',
      found: `nobody took the page: ${result.found.text}`,
      todo: 'correct what it names; docs/escalation.md',
    };
  if (result.ended === 'stopped')
    return { state: 'unknown', found: 'stopped before the page was delivered; it is taken away, unless it is already under way' };
  return stoppedAt(last?.page, page, withinMs);
}

/** How far a page came that nobody has taken in time. */
function stoppedAt(page: StoredEffect | undefined, { incident, effects }: TestPage, withinMs: number): Said {
  const within = formatDuration(withinMs);
  if (effects.length === 0)
    return {
      state: 'failed',
      found: `the incident ${incident} paged nobody`,
      todo: 'check the contacts of the target in the config',
    };
  if (page === undefined || page.attempts === 0)
    return {
      state: 'failed',
      found: `an incident opened, its page was decided, and nobody has tried to deliver it within ${within}`,
      todo: 'it stopped between the stream of the table and deliver: read the logs of dispatch and deliver, the event source mappings in Lambda, and the queues',
    };
  if (page.lastError !== undefined)
    return {
      state: 'failed',
      found: `deliver tried ${page.attempts} times within ${within}: ${page.lastError}`,
      todo: 'correct what the target says; docs/escalation.md',
    };
  return {
    state: 'failed',
    found: `deliver has taken the page, and the target has not answered within ${within}`,
    todo: 'read the log of deliver; a rate limit (settings.pageInterval) may hold it',
  };
}

/**
 * Starts the synthetic incident of the config, or follows the one that is under way: from its
 * sample to its page, through everything. It pages the test contact only.
 */
export function followSynthetic(ports: Ports, withinMs: number, watch: Watch): Promise<Finding> {
  const at = { area: 'page', what: 'synthetic incident' } as const;
  const configured = ports.config.settings.syntheticIncident;
  return looked(at, tableRights, async (): Promise<Finding> => {
    if (configured === undefined)
      return {
        ...at,
        state: 'unknown',
        found: 'could not follow an incident to a page without paging a person: settings.syntheticIncident names no test contact',
        todo: 'configure one (docs/watch.md#a-synthetic-incident), or give --page CONTACT',
      };
    if (watch.signal.aborted) return { ...at, state: 'skipped', found: 'stopped before it was started' };
    const known = (await readSynthetic(ports))?.run;
    const isUnderWay = known !== undefined && known.outcome === undefined && watch.now() - known.startedAt < configured.within;
    const startedAt = isUnderWay ? known.startedAt : watch.now();
    if (!isUnderWay) await beginSynthetic(ports, startedAt);
    watch.tell(
      `${isUnderWay ? 'a synthetic incident is under way' : 'started a synthetic incident'}; following it for up to ${formatDuration(withinMs)}`,
    );
    const bounds = { ...configured, within: withinMs };
    const result = await until(watch, withinMs + 1000, async () =>
      syntheticOutcome({ startedAt }, bounds, await evidenceOf(ports, configured.contact), watch.now()),
    );
    if (!('found' in result)) {
      const found = 'stopped before its page arrived; the sweep follows it further';
      return {
        ...at,
        state: 'unknown',
        found: result.ended === 'stopped' ? found : `nothing is known of it after ${formatDuration(withinMs)}`,
      };
    }
    const { found: outcome } = result;
    if (outcome.kind === 'paged')
      return {
        ...at,
        state: 'ok',
        found: `a sample became an incident and a page to the test contact within ${formatDuration(outcome.tookMs)}`,
      };
    return {
      ...at,
      state: 'failed',
      found: `its page did not arrive within ${formatDuration(outcome.waitedMs)}: ${outcome.why}`,
      todo: 'read the logs of evaluate, dispatch and deliver; docs/watch.md#a-synthetic-incident',
    };
  });
}
