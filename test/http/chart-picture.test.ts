import { describe, expect, it } from 'vitest';
import { withChart } from '../../app/deliver/page-links.ts';
import { everyChannel } from '../../app/ports/channel.ts';
import { type Rasteriser, RasteriserBusyError } from '../../app/ports/rasteriser.ts';
import { keyFor } from '../../core/access/sign-in/signed-text.ts';
import { sealChart } from '../../core/response/paging/chart-link.ts';
import { asFingerprint, asIncidentId } from '../../core/vocabulary/ids.ts';
import { houseWithLinks, publicUrl, secret } from './page-links.ts';
import type { Site } from './site.ts';

/** What was asked to be drawn; the picture is what was asked. */
function drawing(draw: Rasteriser = async (svg) => new TextEncoder().encode(svg)) {
  const asked: string[] = [];
  const rasteriser: Rasteriser = (svg) => {
    asked.push(svg);
    return draw(svg);
  };
  return { asked, rasteriser };
}

/** An incident whose metric has a past. */
async function incidentWithPast(site: Site): Promise<string> {
  for (let minute = 0; minute < 8; minute++) {
    await site.story.value('latency', 'ok');
    await site.story.pass('1m');
  }
  return site.incident();
}

const chartOf = (site: Site): string => site.story.phones.rung.at(-1)?.page.chart?.url.replace(publicUrl, '') ?? '';

const headersOf = ({ headers }: Response, ...names: string[]): (string | null)[] => names.map((name) => headers.get(name));

describe('the chart of a page', () => {
  it('is drawn when somebody fetches it, without signing in, and may be shown on a page elsewhere', async () => {
    const { asked, rasteriser } = drawing();
    const site = houseWithLinks({ rasteriser });
    await incidentWithPast(site);
    const { chart } = site.story.phones.rung.at(-1)?.page ?? {};
    expect(chart).toMatchObject({ isPublic: true, alt: expect.stringContaining('Chart of') });
    expect(asked).toEqual([]);
    const answer = await site.get(chartOf(site));
    expect(answer.status).toBe(200);
    expect(await answer.text()).toMatch(/^<svg /);
    expect(headersOf(answer, 'Content-Type', 'Cross-Origin-Resource-Policy', 'X-Robots-Tag')).toEqual([
      'image/png',
      'cross-origin',
      'noindex, nofollow',
    ]);
    expect(answer.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
  });

  it('has words that fit into any message, however long the title is', async () => {
    const site = houseWithLinks();
    await incidentWithPast(site);
    const page = site.story.phones.rung.at(-1)?.page;
    if (page === undefined) throw new Error('expected a page');
    const alerts = page.alerts.map((alert) => ({ ...alert, title: 'long '.repeat(20_000) }));
    const { chart } = await withChart(site.ports, { ...page, alerts }, { decidedAt: page.at });
    expect(chart?.alt).toMatch(/^Chart of long long/);
    expect(chart?.alt.length).toBeLessThanOrEqual(500);
  });

  it('is of the time of its page: what happened since is not on it, and what is settled is drawn once and kept', async () => {
    const { asked, rasteriser } = drawing();
    const site = houseWithLinks({ rasteriser });
    await incidentWithPast(site);
    const url = chartOf(site);
    const early = await site.get(url);
    expect(early.headers.get('Cache-Control')).toBe('public, max-age=30');
    await site.story.pass('1m');
    await site.story.press('acknowledge');
    for (let minute = 0; minute < 5; minute++) {
      await site.story.value('latency', 4321);
      await site.story.pass('1m');
    }
    await site.story.press('resolve');
    const later = await site.get(url);
    expect(later.headers.get('Cache-Control')).toMatch(/^public, max-age=8\d{4}, immutable$/);
    const picture = await later.text();
    expect(/ acknowledged<|resolved<|432/.exec(picture)).toBeNull();
    const before = asked.length;
    expect(await (await site.get(url)).text()).toBe(picture);
    expect(asked).toHaveLength(before);
  });

  it('is drawn once for all who fetch it at the same time', async () => {
    const { asked, rasteriser } = drawing();
    const site = houseWithLinks({ rasteriser });
    await incidentWithPast(site);
    const url = chartOf(site);
    const answers = await Promise.all(Array.from({ length: 20 }, () => site.get(url)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(asked).toHaveLength(1);
  });

  it('is asked for again where too many are drawn, and one that fails is no picture', async () => {
    let fault: Error | undefined = new RasteriserBusyError('16 wait');
    const { rasteriser } = drawing(async () => {
      if (fault !== undefined) throw fault;
      return new Uint8Array([1]);
    });
    const site = houseWithLinks({ rasteriser });
    await incidentWithPast(site);
    const busy = await site.get(chartOf(site));
    expect([busy.status, ...headersOf(busy, 'Retry-After', 'Cache-Control')]).toEqual([503, '2', 'no-store']);
    fault = new Error('the thread failed');
    expect((await site.get(chartOf(site))).status).toBe(500);
    fault = undefined;
    expect((await site.get(chartOf(site))).status).toBe(200);
    expect(site.story.logged.join()).not.toContain(chartOf(site).slice(3));
  });

  it('answers the same for a link that is over, forged, or of what is not there', async () => {
    const { asked, rasteriser } = drawing();
    const site = houseWithLinks({ rasteriser, settings: { pageLinks: { secret: 'PAGE_LINKS', lasts: '1h' } } });
    await incidentWithPast(site);
    const url = chartOf(site);
    const key = keyFor(new TextEncoder().encode(secret), 'chart link');
    const at = site.story.clock.now();
    const link = { incident: asIncidentId('inc-0'), series: asFingerprint('f'), at, until: at + 3_600_000 };
    const nowhere = `/c/${sealChart(key, link)}.png`;
    const [, payload = '', signature = ''] = /^\/c\/([^.]+)\.([^.]+)\.png$/.exec(url) ?? [];
    const bent = Buffer.from(JSON.stringify(['inc-0', 'f', at, at + 9e12])).toString('base64url');
    const forged = [
      nowhere,
      `/c/${bent}.${signature}.png`,
      `/c/${payload}.png`,
      url.replace('.png', ''),
      `${url}.png`,
      '/c/x.png',
    ];
    await site.story.pass('1h');
    const answers = await Promise.all([url, ...forged].map(async (path) => site.get(path)));
    const told = await Promise.all(answers.map(async (one) => [one.status, await one.text(), one.headers.get('Cache-Control')]));
    expect(new Set(told.map(String)).size).toBe(1);
    expect(told[0]).toEqual([404, 'there is nothing here\n', 'no-store']);
    expect(asked).toEqual([]);
  });

  it('is added by one update to a message that was sent without it, and stays in later ones', async () => {
    const { rasteriser } = drawing();
    const responders = { ana: { name: 'Ana', contacts: [{ slack: 'C1' }] }, ben: { name: 'Ben', contacts: [{ sns: 'ben' }] } };
    const policies = { duty: { tiers: [{ targets: [{ responder: 'ana' }], ackWithin: '15m' }] } };
    const site = houseWithLinks({
      rasteriser,
      part: { responders, policies },
      settings: { pageLinks: { secret: 'PAGE_LINKS' }, slack: { token: 'SLACK_TOKEN', signingSecret: 'SLACK_SECRET' } },
    });
    const { channel } = site.story.phones;
    const send: typeof channel.send = async (...args) => ({ ...(await channel.send(...args)), lacksChart: true });
    Object.assign(site.story.ports, { channels: everyChannel({ ...channel, send }) });
    await incidentWithPast(site);
    const board = site.story.phones.boards.get('C1/1');
    expect(board?.edits).toBe(1);
    expect(board?.page.chart?.url).toBe(site.story.phones.rung[0]?.page.chart?.url);
    await site.story.press('acknowledge');
    await site.story.pass('1m');
    expect(board).toMatchObject({ edits: 2, page: { status: 'acknowledged', chart: board?.page.chart } });
  });

  it('is in no page where it is switched off, and answers nothing then', async () => {
    const { rasteriser } = drawing();
    const site = houseWithLinks({ rasteriser });
    await incidentWithPast(site);
    const url = chartOf(site);
    site.ports.config.settings.pageLinks.chart = false;
    expect((await site.get(url)).status).toBe(404);
    const off = houseWithLinks({ rasteriser, settings: { pageLinks: { secret: 'PAGE_LINKS', chart: false } } });
    await incidentWithPast(off);
    expect(off.story.phones.rung.map(({ page }) => page.chart)).toEqual(off.story.phones.rung.map(() => undefined));
  });
});
