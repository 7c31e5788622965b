import { type Context, Hono } from 'hono';
import { latestIncident } from '../../app/latest-incident.ts';
import { pageLinkKeys } from '../../app/page-link-keys.ts';
import { RasteriserBusyError } from '../../app/ports/rasteriser.ts';
import { incidentChart } from '../../app/query/incident-chart.ts';
import { chartPicture } from '../../core/charts/chart-picture.ts';
import { type ChartLink, openChart } from '../../core/response/paging/chart-link.ts';
import type { HttpOptions } from '../options.ts';

/** Pictures that are kept, of 60 kB at most: a page goes to several people at once. */
const mostKept = 32;
/** The last judgement before a page may be written a moment after it is sent. */
const settlesAfterMs = 120_000;
const shortAgeSeconds = 30;
const longAgeSeconds = 86_400;
const busySeconds = 2;

type Picture = { png: Uint8Array; isSettled: boolean };

/** `/c/TOKEN.png`: the chart of a page, drawn when somebody looks. */
export function chartPictureRoutes(options: HttpOptions): Hono {
  const { ports, now, rasteriser } = options;
  const kept = new Map<string, Promise<Picture | undefined>>();

  /** The same for whatever is wrong, so that nobody learns what there is. */
  const nothing = (c: Context): Response => {
    c.header('Cache-Control', 'no-store');
    return c.text('there is nothing here\n', 404);
  };

  async function linkOf(token: string): Promise<ChartLink | undefined> {
    const keys = await pageLinkKeys(ports, 'chart link');
    const { chart, lasts } = ports.config.settings.pageLinks;
    if (keys?.ok === false) ports.log('error', 'no link of a chart can be checked', { why: keys.fault });
    return keys?.ok && chart ? openChart(keys.all, token, now(), lasts) : undefined;
  }

  async function draw({ incident: id, series, at }: ChartLink): Promise<Picture | undefined> {
    if (rasteriser === undefined) return undefined;
    const incident = await latestIncident(ports, id);
    if (incident === undefined || incident.tenant !== undefined) return undefined;
    const isSettled = now() >= at + settlesAfterMs;
    const { resolvedAt, ...rest } = incident;
    // As of the page: what ended since had not.
    const then = resolvedAt === undefined || resolvedAt > at ? rest : incident;
    const found = await incidentChart(ports, then, await ports.store.timeline(id), at, { series });
    return found === undefined ? undefined : { png: await rasteriser(chartPicture(found.chart)), isSettled };
  }

  /**
   * Drawn once, however many look. What is not yet settled is drawn again for those who look later.
   */
  function pictureOf(link: ChartLink): Promise<Picture | undefined> {
    const key = JSON.stringify([link.incident, link.series, link.at]);
    const known = kept.get(key);
    if (known !== undefined) return known;
    const drawn = draw(link);
    kept.set(key, drawn);
    const [oldest] = kept.keys();
    if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
    const forget = (): void => {
      if (kept.get(key) === drawn) kept.delete(key);
    };
    drawn.then((picture) => (picture?.isSettled === true ? undefined : forget()), forget);
    return drawn;
  }

  return new Hono().get('/c/:token', async (c) => {
    c.header('X-Robots-Tag', 'noindex, nofollow');
    const [, token] = /^(.+)\.png$/.exec(c.req.param('token')) ?? [];
    const link = token === undefined ? undefined : await linkOf(token);
    if (link === undefined) return nothing(c);
    let picture: Picture | undefined;
    try {
      picture = await pictureOf(link);
    } catch (error) {
      if (!(error instanceof RasteriserBusyError)) throw error;
      c.header('Retry-After', String(busySeconds));
      c.header('Cache-Control', 'no-store');
      return c.text('too many charts are drawn just now; try again\n', 503);
    }
    if (picture === undefined) return nothing(c);
    const rest = Math.max(0, Math.floor((link.until - now()) / 1000));
    const age = Math.min(rest, picture.isSettled ? longAgeSeconds : shortAgeSeconds);
    return c.body(Uint8Array.from(picture.png), 200, {
      'Content-Type': 'image/png',
      'Cache-Control': `public, max-age=${age}${picture.isSettled ? ', immutable' : ''}`,
    });
  });
}
