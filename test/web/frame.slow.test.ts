import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alertsOnly, firing } from './alerts-only.ts';
import { axeFaults, fitsInWidth, freshPage, looks, noBrowser, openBrowser } from './browser.ts';
import { type Served, serve } from './served.ts';

describe.skipIf(noBrowser !== undefined)(`the console in a browser${noBrowser === undefined ? '' : ` (${noBrowser})`}`, () => {
  let served: Served;
  let browser: Browser;
  beforeAll(async () => {
    served = await serve(alertsOnly, { runbooks: { late: '---\ntitle: Training is late\n---\nLook at the queue.\n' } });
    browser = await openBrowser();
    await served.post('/api/v2/alerts', firing('TrainingLate'));
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  for (const [name, options] of looks) {
    it(`shows incidents without a fault, ${name}`, async () => {
      const { page, faults } = await freshPage(browser, options);
      await page.goto(`${served.url}/incidents`);
      await page
        .getByRole('link', { name: /TrainingLate/ })
        .first()
        .waitFor();
      expect(await axeFaults(page)).toEqual([]);
      expect(faults).toEqual([]);
      expect(await fitsInWidth(page)).toBe(true);
      if (process.env['TOCSIN_SHOTS'] !== undefined)
        await page.screenshot({ path: `${process.env['TOCSIN_SHOTS']}/frame-${name}.png` });
      await page.context().close();
    });
  }

  it('opens the palette and lists the keys by keyboard, and gives the focus back', async () => {
    const { page, faults } = await freshPage(browser);
    await page.goto(`${served.url}/incidents`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Go to or do' }).waitFor();
    await page.keyboard.type('training');
    await page.getByRole('option', { name: /TrainingLate/ }).waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('never loses the focus: it goes to the heading of the next screen, and around what is taken away', async () => {
    const { page } = await freshPage(browser);
    await page.goto(served.url);
    const place = (): Promise<string> =>
      page.evaluate('document.activeElement.getAttribute("aria-label") ?? document.activeElement.tagName');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/incidents/*');
    await page.getByRole('group', { name: 'Actions' }).waitFor();
    await expect.poll(place).toBe('H1');
    await page.getByRole('button', { name: 'Acknowledge' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Acknowledge' }).waitFor({ state: 'detached' });
    // On no button beside it: the next Enter would press that.
    await expect.poll(place).toBe('Actions');
    await page.getByText('Acknowledged, committed').waitFor({ state: 'attached' });
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await page.getByRole('heading', { level: 1, name: 'Nothing is silenced.' }).waitFor();
    await expect.poll(place).toBe('H1');
    expect(await page.evaluate('document.querySelector("h1,h2,h3").tagName')).toBe('H1');
    await page.context().close();
  });

  it('keeps Tab inside of a dialog, and says there what is said while it is open', async () => {
    const { page } = await freshPage(browser);
    await page.goto(served.url);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('?');
    const dialog = page.getByRole('dialog', { name: 'Keys' });
    await dialog.waitFor();
    for (let press = 0; press < 5; press += 1) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.querySelector("dialog").contains(document.activeElement)')).toBe(true);
    }
    await expect.poll(() => dialog.getByRole('status').count()).toBe(1);
    expect(await axeFaults(page)).toEqual([]);
    await page.context().close();
  });

  it('asks for times of the service from its first request on, whatever the clock of the device shows', async () => {
    const { page, faults } = await freshPage(browser);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(`${served.url}/oncall`);
    await page.getByText('If something breaks now').waitFor();
    const spans = asked.filter((url) => url.includes('/api/oncall/calendar'));
    expect(spans.length).toBeGreaterThan(0);
    expect(spans.filter((url) => !url.includes('from=2026-06-01'))).toEqual([]);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('says that a screen does not come while the server is not reached, and shows it once it is', async () => {
    const { page } = await freshPage(browser);
    await page.goto(served.url);
    await page.getByRole('heading', { level: 1, name: /./ }).waitFor();
    await page.route('**/console/*.js', (route) => route.abort());
    await page.getByRole('link', { name: 'Rules', exact: true }).first().click();
    await page.getByText(/This screen has not come yet/).waitFor();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Rules');
    expect(await axeFaults(page)).toEqual([]);
    await page.unroute('**/console/*.js');
    await page.getByText(/This screen has not come yet/).waitFor({ state: 'detached' });
    await page.getByRole('heading', { level: 1, name: /rules? / }).waitFor();
    await page.context().close();
  });

  it('shows a new incident without being reloaded', async () => {
    const { page } = await freshPage(browser);
    await page.goto(`${served.url}/incidents`);
    await page
      .getByRole('link', { name: /TrainingLate/ })
      .first()
      .waitFor();
    await served.post('/api/v2/alerts', firing('FeatureStoreDown'));
    await page
      .getByRole('link', { name: /FeatureStoreDown/ })
      .first()
      .waitFor();
    await page.context().close();
  });
});
