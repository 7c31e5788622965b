import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PageLinkPurpose, pageLinkKeys } from '../../app/page-link-keys.ts';
import { type TerminalContact, terminalContact } from '../../core/response/contacts/kinds/terminal.ts';
import { linkActsAs, sealAcknowledge } from '../../core/response/paging/acknowledge-link.ts';
import { sealChart } from '../../core/response/paging/chart-link.ts';
import { axeFaults, fitsInWidth, freshPage, noBrowser, openBrowser, phone, shoot } from './browser.ts';
import { noon, type Served, serve } from './served.ts';

const config = `
responders:
  ana: { name: Ana Silva, contacts: [{ terminal: true }] }
policies:
  main: { tiers: [{ targets: [{ responder: ana }], ackWithin: 15m }] }
matrix:
  default: { warn: { policy: main }, critical: { policy: main } }
sources:
  pushed: { kind: samples }
rules:
  latency:
    title: Latency of the model that says when a flight with a long name arrives
    source: pushed
    query: { samples: { metric: latency } }
    category: latency
    runbook: slow
    threshold: { above: { warn: 100, critical: 200 } }
`;
const runbooks = { slow: '---\ntitle: Look at it\n---\nLook.\n', 'source-failing': '---\ntitle: Look\n---\nLook.\n' };
const day = 86_400_000;
/** One incident each. */
const models = ['with scripts', 'without'] as const;

describe.skipIf(noBrowser !== undefined)('the link of a page in a browser', () => {
  let browser: Browser;
  let served: Served;
  beforeAll(async () => {
    browser = await openBrowser();
    served = await serve(config, { runbooks });
    for (const value of [10, 20, 10, 250, 250]) {
      for (const model of models)
        await served.post('/v1/samples?source=pushed', {
          metric: 'latency',
          value,
          timestamp: new Date(served.clock.now()).toISOString(),
          labels: { model },
        });
      await served.pass(1);
    }
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  /** A browser asks for an icon by itself, and there is none. */
  const opened = async (options: Parameters<typeof freshPage>[1]) => {
    const found = await freshPage(browser, options);
    await found.page.context().route('**/favicon.ico', (route) => route.fulfill({ status: 204 }));
    return found;
  };
  const keyOf = async (purpose: PageLinkPurpose): Promise<Uint8Array> => {
    const keys = await pageLinkKeys(served.service.ports, purpose);
    if (!keys?.ok) throw new Error(keys?.fault ?? 'nothing signs links');
    return keys.first;
  };
  const incidentOf = async (model: string) => {
    const all = await served.service.ports.store.incidents({ status: 'all', limit: 9 });
    const found = all.find(({ groupLabels }) => groupLabels['model'] === model);
    if (found === undefined) throw new Error(`expected an incident of ${model}`);
    return found;
  };

  it.each([
    ['with scripts', true],
    ['without', false],
  ] as const)('asks, acknowledges and says so, on a phone: %s', async (model, javaScriptEnabled) => {
    const { id } = await incidentOf(model);
    const at = served.clock.now();
    const contact: TerminalContact = terminalContact.fromInput();
    const acts = linkActsAs(contact, 'ana', served.service.ports.config.responders);
    const token = sealAcknowledge(await keyOf('acknowledge link'), { incident: id, at, until: at + day, ...acts });
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, faults } = await opened({ ...phone, colorScheme, javaScriptEnabled });
      await page.goto(`${served.url}/a/${token}`);
      const button = page.getByRole('button', { name: 'Acknowledge' });
      await button.waitFor();
      if (javaScriptEnabled) {
        expect(await fitsInWidth(page)).toBe(true);
        expect(await axeFaults(page)).toEqual([]);
        const box = await button.boundingBox();
        expect(Math.min(box?.height ?? 0, box?.width ?? 0)).toBeGreaterThanOrEqual(44);
      }
      await shoot(page, `acknowledge-${colorScheme}`);
      expect(faults).toEqual([]);
      await page.context().close();
    }
    expect((await incidentOf(model)).status).toBe('triggered');
    const { page, faults } = await opened({ ...phone, javaScriptEnabled });
    await page.goto(`${served.url}/a/${token}`);
    await page.getByRole('button', { name: 'Acknowledge' }).tap();
    await page.getByRole('heading', { level: 1, name: 'Acknowledged' }).waitFor();
    expect(await incidentOf(model)).toMatchObject({ status: 'acknowledged', acknowledgedBy: 'contact/terminal' });
    if (javaScriptEnabled) {
      expect(await axeFaults(page)).toEqual([]);
      expect(await fitsInWidth(page)).toBe(true);
    }
    await page.goto(`${served.url}/a/${token}`);
    await page.getByRole('heading', { level: 1, name: 'You have acknowledged it' }).waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('shows the chart of the page, which a thread draws', async () => {
    const found = await incidentOf('without');
    const [alert] = found.alerts;
    if (alert === undefined) throw new Error('expected an alert');
    const at = noon + 5 * 60_000;
    const key = await keyOf('chart link');
    const until = served.clock.now() + day;
    const link = { incident: found.id, series: alert.fingerprint, at, until };
    served.service.ports.config.settings.pageLinks.lasts = 30 * day;
    const answer = await fetch(`${served.url}/c/${sealChart(key, link)}.png`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/png']);
    const png = Buffer.from(await answer.arrayBuffer());
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(png.readUInt32BE(16)).toBe(800);
    expect(png.length).toBeLessThan(60_000);
  });
});
