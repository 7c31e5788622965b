import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alertsOnly } from './alerts-only.ts';
import { freshPage, noBrowser, openBrowser, phone } from './browser.ts';
import { type Served, serve } from './served.ts';

const incidents = 5000;
const atOnce = 500;

const alert = (name: string, severity: string) => ({
  labels: { alertname: name, severity },
  annotations: { summary: `${name} is late` },
  startsAt: '2026-06-01T11:58:00Z',
});

/**
 * Notes from now on which rows are changed, and whether any is replaced. Times tick by themselves.
 */
const watchRows = `
  window.rows = [...document.querySelectorAll('#console .incident-row')];
  window.changed = new Set();
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      const at = target.nodeType === Node.TEXT_NODE ? target.parentElement : target;
      if (at !== null && at.closest('time, [role=timer]') === null) window.changed.add(at.closest('.incident-row'));
    }
  }).observe(document.querySelector('#console main .panel'), { subtree: true, childList: true, characterData: true, attributes: true });
`;

describe.skipIf(noBrowser !== undefined)(`a storm of ${incidents} incidents in a browser`, () => {
  let served: Served;
  let browser: Browser;
  beforeAll(async () => {
    served = await serve(alertsOnly, { runbooks: { late: '---\ntitle: Late\n---\nLook at the queue.\n' } });
    for (let from = 0; from < incidents; from += atOnce)
      await served.post(
        '/api/v2/alerts',
        Array.from({ length: atOnce }, (_, one) => alert(`Late${from + one}`, 'warning')),
      );
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  const nodes = (page: Page): Promise<number> => page.evaluate('document.querySelectorAll("*").length');
  const found = async (q: string): Promise<{ total: number; acknowledged: number }> => {
    let [total, acknowledged, cursor] = [0, 0, ''];
    do {
      const answer = await fetch(`${served.url}/api/incidents?limit=1000&q=${q}${cursor}`);
      const { incidents: some, next } = (await answer.json()) as { incidents: { status: string }[]; next?: string };
      total += some.length;
      acknowledged += some.filter(({ status }) => status === 'acknowledged').length;
      cursor = next === undefined ? '' : `&cursor=${next}`;
    } while (cursor !== '');
    return { total, acknowledged };
  };

  it('is counted as what it is on every screen and on the page without scripts, in a small document', async () => {
    const { page, faults } = await freshPage(browser, phone);
    await page.goto(served.url);
    await page.locator('#console').getByText('4999 more are open').waitFor();
    expect(await nodes(page)).toBeLessThan(2000);
    await page.goto(`${served.url}/incidents`);
    await page.getByRole('heading', { level: 1, name: '5000 open.' }).waitFor();
    expect(await nodes(page)).toBeLessThan(2500);
    expect(faults).toEqual([]);
    await page.goto(`${served.url}/?plain=1`);
    await page.getByRole('heading', { name: 'Open (5000)' }).waitFor();
    await page.context().close();
  });

  it('draws the one incident that changed, and leaves every other row as it is', async () => {
    const { page } = await freshPage(browser);
    await page.goto(`${served.url}/incidents`);
    const first = page.locator('#console .incident-row a').first();
    const title = (await first.textContent()) ?? '';
    const [name = ''] = /Late\d+/.exec(title) ?? [];
    await page.evaluate(watchRows);
    await served.post('/api/v2/alerts', [alert(name, 'critical')]);
    await page.getByRole('heading', { level: 1, name: '5000 open, 1 critical.' }).waitFor();
    await page.locator('#console .incident-row.critical').first().waitFor();
    const [stayed, changed] = (await page.evaluate(`[
      window.rows.length > 20 && window.rows.every((row) => row.isConnected),
      [...window.changed].map((row) => row?.textContent ?? 'outside of rows'),
    ]`)) as [boolean, string[]];
    expect(stayed).toBe(true);
    expect(changed).toHaveLength(1);
    expect(changed[0]).toContain(name);
    await page.context().close();
  });

  it('is acknowledged with all that a filter finds, a few requests at a time, and says what was committed', async () => {
    const { page, faults } = await freshPage(browser);
    let [open, most] = [0, 0];
    const isDeed = (url: string): boolean => url.endsWith('/acknowledge');
    page.on('request', (request) => {
      if (!isDeed(request.url())) return;
      open += 1;
      most = Math.max(most, open);
    });
    page.on('requestfinished', (request) => {
      if (isDeed(request.url())) open -= 1;
    });
    const { total } = await found('Late17');
    expect(total).toBeGreaterThan(100);
    await page.goto(`${served.url}/incidents?q=Late17`);
    await page.getByRole('button', { name: 'Select all unanswered' }).click();
    await page.getByRole('button', { name: `Acknowledge ${total}…` }).click();
    const dialog = page.getByRole('dialog', { name: `Acknowledge ${total} incidents` });
    await dialog.getByRole('button', { name: `Acknowledge ${total}` }).click();
    await dialog.getByText(`${total} of ${total} acknowledged, committed; 0 not`).waitFor();
    expect(await found('Late17')).toEqual({ total, acknowledged: total });
    expect(most).toBeLessThanOrEqual(4);
    expect(await nodes(page)).toBeLessThan(2500);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('once stopped, says how many were acknowledged and how many were not, as the server has it', async () => {
    const { page } = await freshPage(browser);
    const before = await found('Late2');
    await page.goto(`${served.url}/incidents?q=Late2`);
    await page.getByRole('button', { name: 'Select all unanswered' }).click();
    await page.getByRole('button', { name: /^Acknowledge \d+…/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: /^Acknowledge \d+$/ }).click();
    await dialog.getByText(/[1-9]\d* of \d+ acknowledged, committed/).waitFor();
    await dialog.getByRole('button', { name: 'Stop' }).click();
    await dialog.getByRole('button', { name: 'Close' }).waitFor();
    const [, done = '', of = '', not = ''] =
      /(\d+) of (\d+) acknowledged, committed; (\d+) not/.exec((await dialog.textContent()) ?? '') ?? [];
    expect(Number(done) + Number(not)).toBe(Number(of));
    expect(Number(not)).toBeGreaterThan(0);
    expect(await found('Late2')).toEqual({ ...before, acknowledged: before.acknowledged + Number(done) });
    await page.context().close();
  });
});
