import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeFaults, fitsInWidth, looks, noBrowser, openBrowser, openedOf, shoot } from './browser.ts';
import { type Served, serve } from './served.ts';

/** Noon of a Monday, UTC, is when the story is at. */
const config = `
responders: { ana: { name: Ana Silva, contacts: [{ terminal: true }] } }
policies: { main: { tiers: [{ targets: [{ responder: ana }], ackWithin: 15m }] } }
matrix: { default: { warn: { policy: main }, critical: { policy: main } } }
heartbeats:
  features: { title: Nightly features, schedule: "2 12 * * *", deadline: "14:00", runbook: late, owner: data }
  training: { every: 1h, maxDuration: 30m, runbook: late }
  export: { schedule: "@hourly", runbook: late }
`;
const runbooks = { late: '---\ntitle: Look at it\n---\nLook at the queue.\n' };

describe.skipIf(noBrowser !== undefined)(`heartbeats${noBrowser === undefined ? '' : ` (${noBrowser})`}`, () => {
  let served: Served;
  let browser: Browser;
  const report = (what: string): Promise<unknown> => served.post(`/v1/heartbeats/${what}`, '');
  beforeAll(async () => {
    served = await serve(config, { runbooks });
    browser = await openBrowser();
    for (let run = 0; run < 3; run += 1) {
      await report(`training/start?run=${run}`);
      await served.pass(1);
      await report(`training/${run === 1 ? 3 : 0}?run=${run}`);
    }
    await report('features/start');
    await served.pass(30);
    await report('features/progress?done=20&total=100');
    await served.pass(1);
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });
  const opened = openedOf(
    () => browser,
    () => served.url,
  );

  it.each(looks)('are shown with what is wrong, when they are due, and their runs: %s', async (look, options) => {
    const { page, faults } = await opened('/heartbeats', options);
    await page.getByRole('heading', { level: 1, name: 'Nightly features: deadline at risk; 1 under way.' }).waitFor();
    await page
      .getByText(/features is at 20%, running since 12:03; at this rate it ends at 14:33, 33m after its deadline 14:00/)
      .waitFor();
    await page.getByRole('img', { name: 'the last 3 runs: 2 succeeded, 1 failed' }).waitFor();
    await page.getByText('no report yet').waitFor();
    await page.waitForLoadState('networkidle');
    await shoot(page, `heartbeats-${look.replaceAll(' ', '-')}`);
    expect(await axeFaults(page)).toEqual([]);
    expect(await fitsInWidth(page)).toBe(true);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('are reached by G H, and gone through by J and K; the first leads to its incident', async () => {
    const { page } = await opened('/');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('h');
    await page.getByRole('heading', { level: 1, name: /Nightly features/ }).waitFor();
    await page.keyboard.press('j');
    await page.getByRole('link', { name: 'Nightly features' }).and(page.locator(':focus')).waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.url()).toMatch(/\/incidents\//);
    await page.context().close();
  });

  it('changes as it is reported', async () => {
    const { page } = await opened('/heartbeats');
    await page.getByRole('heading', { level: 1, name: /Nightly features/ }).waitFor();
    await report('features/success');
    await page.getByRole('heading', { level: 1, name: 'All is well with 3 jobs.' }).waitFor();
    await page.context().close();
  });
});
