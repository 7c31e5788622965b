import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeFaults, desktop, fitsInWidth, freshPage, looks, noBrowser, openBrowser, phone, shoot } from './browser.ts';
import { type Served, serve } from './served.ts';

const config = `
settings: { history: { every: 1m } }
responders:
  ana: { name: Ana Silva, contacts: [{ terminal: true }] }
  ben: { name: Ben Ito, contacts: [{ terminal: true }] }
policies:
  main:
    tiers:
      - { targets: [{ responder: ana }], ackWithin: 10m }
      - { targets: [{ responder: ben }], ackWithin: 20m }
matrix: { default: { warn: { policy: main }, critical: { policy: main } } }
sources:
  churn: { kind: predictions, model: churn, bucket: 1m }
rules:
  accuracy:
    title: Accuracy of churn
    source: churn
    query: { predictions: { metric: accuracy, over: 10m } }
    degradation: { direction: drop, baseline: { fixed: 0.9 }, warn: 5%, critical: 10% }
    samples: { minCount: 20, confidence: 95% }
    category: performance
    runbook: accuracy-drop
    rollback: back
rollbacks: { back: { deployment: served } }
deployments: { served: { hook: { webhook: { url: "http://127.0.0.1:9/hook", secret: HOOK_OF_A_TEST } } } }
`;
const runbook = `---
title: The accuracy has dropped
---
## First five minutes

1. Is **one version** alone to blame?
2. Look at [the queue](javascript:alert(1)), then at [the feed](https://feed.example).

<script>alert(2)</script>

- not a step
`;

const evil = '<img src=x onerror=alert(1)>';

/** A model that is right on 9 of 10, until version b comes. Opens an incident; its id. */
async function broken(served: Served): Promise<string> {
  for (let n = 0; n < 30; n += 1) {
    const timestamp = new Date(served.clock.now()).toISOString();
    const right = n < 20 ? 9 : 4;
    const version = n < 20 ? 'a' : evil;
    const records = Array.from({ length: 10 }, (_, one) => ({
      ...{ id: `${n}-${one}`, timestamp, version, prediction: 1, label: one < right ? 1 : 0 },
    }));
    await served.post('/v1/predictions?source=churn', records);
    await served.pass(1);
  }
  const answer = (await (await fetch(`${served.url}/api/incidents`)).json()) as { incidents: { id: string }[] };
  return answer.incidents[0]?.id ?? '';
}

describe.skipIf(noBrowser !== undefined)(`the screen of an incident${noBrowser === undefined ? '' : ` (${noBrowser})`}`, () => {
  let served: Served;
  let browser: Browser;
  let id = '';
  const open = async (page: Page, more = ''): Promise<void> => {
    await page.goto(`${served.url}/incidents/${id}${more}`);
    await page.getByRole('slider').waitFor();
    await page.getByText('First five minutes').waitFor();
  };
  beforeAll(async () => {
    process.env['HOOK_OF_A_TEST'] = 'nobody answers there';
    served = await serve(config, {
      runbooks: { 'accuracy-drop': runbook, 'source-failing': '---\ntitle: A source fails\n---\nLook.\n' },
    });
    browser = await openBrowser();
    id = await broken(served);
  });
  afterAll(async () => {
    delete process.env['HOOK_OF_A_TEST'];
    await browser?.close();
    await served?.close();
  });

  for (const [name, options] of looks) {
    it(`says what is wrong, who is paged next, and shows it, without a fault, ${name}`, async () => {
      const { page, faults } = await freshPage(browser, options);
      await open(page);
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('worse than its baseline of 0.9');
      await page.getByRole('timer').first().waitFor();
      expect(await page.getByRole('region', { name: 'Next' }).textContent()).toContain('ben');
      if (process.env['TOCSIN_SHOTS'] !== undefined)
        await page.screenshot({ path: `${process.env['TOCSIN_SHOTS']}/incident-${name}.png`, fullPage: true });
      expect(await axeFaults(page)).toEqual([]);
      expect(faults).toEqual([]);
      expect(await fitsInWidth(page)).toBe(true);
      await page.context().close();
    });
  }

  it('has Acknowledge at the bottom of a phone, 48 px high', async () => {
    const { page } = await freshPage(browser, phone);
    await open(page);
    const box = await page.getByRole('button', { name: 'Acknowledge' }).boundingBox();
    expect(box?.height).toBeGreaterThanOrEqual(48);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeGreaterThan(700);
    expect(await page.getByRole('group', { name: 'Actions' }).getByRole('button', { name: 'Roll back' }).isVisible()).toBe(false);
    await page.context().close();
  });

  it('says on a phone what became of a press where the thumb is, however far down one has read', async () => {
    const { page, faults } = await freshPage(browser, phone);
    await open(page);
    await page
      .getByText('Afterwards', { exact: false })
      .or(page.getByRole('heading', { name: 'Facts' }))
      .last()
      .scrollIntoViewIfNeeded();
    await page.getByRole('group', { name: 'Actions' }).getByRole('button', { name: 'More' }).tap();
    await page.getByRole('dialog').getByRole('button', { name: 'Note' }).tap();
    await page.getByRole('textbox').fill('read to the end');
    await page.getByRole('dialog').getByRole('button', { name: 'Note' }).tap();
    const said = page.getByText(/^Noted .*committed/);
    await said.waitFor();
    const box = await said.boundingBox();
    expect(box?.y ?? -1).toBeGreaterThan(0);
    expect((box?.y ?? 1e9) + (box?.height ?? 0)).toBeLessThanOrEqual(phone.viewport.height);
    expect(await fitsInWidth(page)).toBe(true);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('ticks a step of the runbook on a phone with one tap, and opens the rollback from its panel', async () => {
    const { page } = await freshPage(browser, phone);
    await open(page);
    const step = page.getByRole('checkbox').first();
    await step.tap();
    expect(await step.isChecked()).toBe(true);
    await page
      .getByRole('region', { name: 'Rollback' })
      .getByRole('button', { name: /^Roll back/ })
      .tap();
    await page.getByRole('dialog', { name: /^Roll .* back\?$/ }).waitFor();
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Leave it');
    await page.context().close();
  });

  it('reads the chart point by point with arrow keys, and shows it as a table', async () => {
    const { page } = await freshPage(browser);
    await open(page);
    const cursor = page.getByRole('slider');
    await cursor.focus();
    await page.keyboard.press('ArrowLeft');
    const last = await cursor.getAttribute('aria-valuetext');
    await page.keyboard.press('ArrowLeft');
    expect(await cursor.getAttribute('aria-valuetext')).not.toBe(last);
    expect(last).toMatch(/^\d\d:\d\d: 0\.\d+ of \d+, interval /);
    await page.getByText('Show as table').click();
    const rows = page.getByRole('region', { name: /table$/ }).getByRole('row');
    await expect.poll(() => rows.count()).toBeGreaterThan(20);
    expect(await axeFaults(page)).toEqual([]);
    await page.context().close();
  });

  it('shows what a runbook holds as text, and keeps the ticks of its steps for this incident', async () => {
    const { page, faults } = await freshPage(browser);
    await open(page);
    const steps = page.getByRole('region', { name: /^Runbook/ });
    await expect.poll(() => steps.getByRole('checkbox').count()).toBe(2);
    await expect.poll(() => steps.getByText('<script>alert(2)</script>').count()).toBe(1);
    expect(await steps.getByRole('link', { name: 'the queue' }).count()).toBe(0);
    await expect.poll(() => steps.getByRole('link', { name: 'the feed' }).count()).toBe(1);
    await steps.getByRole('checkbox').first().check();
    await steps.getByText('1 of 2').waitFor();
    await page.reload();
    await page
      .getByRole('region', { name: /^Runbook/ })
      .getByText('1 of 2')
      .waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('keeps range, tab and filter in the address', async () => {
    const { page } = await freshPage(browser);
    await open(page);
    await page.getByRole('button', { name: '3 d' }).click();
    await page.getByRole('button', { name: /^Pages/ }).click();
    await page.keyboard.press('2');
    await page.waitForURL(/range=3d.*show=pages.*#evidence=changed/);
    await page.reload();
    await page.getByRole('tab', { name: /What changed/, selected: true }).waitFor();
    expect(await page.getByRole('button', { name: '3 d' }).getAttribute('aria-pressed')).toBe('true');
    expect(await page.getByRole('button', { name: /^Pages/ }).getAttribute('aria-pressed')).toBe('true');
    await page.context().close();
  });

  it('notes by keyboard alone, and says so only once it is committed', async () => {
    const { page } = await freshPage(browser);
    await open(page);
    await page.keyboard.press('n');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type(`the feed was ${evil}`);
    expect(await axeFaults(page)).toEqual([]);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText(/Noted .*committed/).waitFor();
    await page.getByText(`the feed was ${evil}`).waitFor();
    await page.context().close();
  });

  it('says that an action was not sent, what happens then, and offers it again', async () => {
    const { page } = await freshPage(browser);
    await open(page);
    await page.route('**/acknowledge', (route) => route.abort());
    await page.keyboard.press('a');
    await page.getByRole('button', { name: 'Try again' }).waitFor();
    expect(await page.locator('.outcome').textContent()).toMatch(/Not done.*ben is paged at/);
    expect(await page.getByText('has it').count()).toBe(0);
    await page.context().close();
  });

  it('asks before it rolls back, names what it does, and has the focus on the harmless answer', async () => {
    const { page } = await freshPage(browser);
    const sent: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') sent.push(request.url());
    });
    await open(page);
    await page.keyboard.press('b');
    const dialog = page.getByRole('dialog', { name: 'Roll served back?' });
    await dialog.waitFor();
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Leave it');
    expect(await dialog.textContent()).toMatch(/From.*To.*Effect.*Watch/);
    expect(await axeFaults(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    expect(sent).toEqual([]);
    await page.context().close();
  });

  it('says what a silence would match before it is made, and makes none by looking', async () => {
    const { page } = await freshPage(browser);
    await open(page);
    await page.keyboard.press('s');
    const dialog = page.getByRole('dialog', { name: 'Silence' });
    await dialog.getByText(/It matches (the one|1 of the \d+|all of the \d+) alerts? that fires? now/).waitFor();
    await dialog.getByRole('radio').last().check();
    await dialog.getByText(/It matches (the one|\d+ of the \d+|all of the \d+) alerts? that fires? now/).waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await shoot(page, 'incident-silence');
    await page.keyboard.press('Escape');
    expect(await served.service.ports.store.silences(served.clock.now())).toEqual([]);
    await page.context().close();
  });

  it('is complete without scripts, and takes notes by a form', async () => {
    const { page } = await freshPage(browser, { ...desktop, javaScriptEnabled: false });
    await page.goto(`${served.url}/incidents/${id}`);
    expect(await page.locator('h1').textContent()).toContain('worse than its baseline of 0.9');
    const text = await page.locator('main').textContent();
    for (const said of ['Who is paged, and when', 'unless someone acts, tier 2, ben', 'What changed', 'began to serve'])
      expect.soft(text).toContain(said);
    expect(await page.locator('img.chart').evaluate((picture: { naturalWidth: number }) => picture.naturalWidth)).toBeGreaterThan(
      300,
    );
    expect(await page.locator('meta[http-equiv=refresh]').count()).toBe(0);
    await page.getByText('Note something').click();
    await page.getByRole('textbox').fill(`by hand ${evil}`);
    await page.getByRole('button', { name: 'Note' }).click();
    await page.getByText(`by hand ${evil}`).waitFor();
    expect(await fitsInWidth(page)).toBe(true);
    await page.context().close();
  });

  it('copies the chart as CSV, and a link that shows the same time later', async () => {
    const { page } = await freshPage(browser);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await open(page, '?range=24h');
    await page.getByRole('button', { name: 'Copy as CSV' }).click();
    await page.getByText('CSV copied').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toMatch(/^at,value,count,[\s\S]*,critical,/);
    await page.getByRole('button', { name: 'Copy as image' }).click();
    await page.getByText('Image copied').waitFor();
    await page.getByRole('button', { name: 'Copy link' }).click();
    await page.getByText('Link copied').waitFor();
    const link = String(await page.evaluate('navigator.clipboard.readText()'));
    expect(link).toMatch(/from=2026-.*&to=2026-/);
    await page.goto(link);
    await page.getByRole('slider').waitFor();
    await page.context().close();
  });

  it('follows what happens, and moves nothing under the finger: new rows wait until they are asked for', async () => {
    const { page } = await freshPage(browser);
    await open(page);
    await page.keyboard.press('t');
    const rows = page.getByRole('list', { name: 'Newest first' }).locator('> li');
    const before = await rows.count();
    await served.pass(6);
    await page.getByText(/^ben paged, not acknowledged/).waitFor();
    await page.getByRole('button', { name: / new, show$/ }).waitFor();
    expect(await rows.count()).toBe(before);
    await page.getByRole('button', { name: / new, show$/ }).click();
    await expect.poll(() => rows.count()).toBeGreaterThan(before);
    await page.context().close();
  });

  it('acknowledges, tells who was first to another who was reading, and turns to the past when it is over', async () => {
    const [first, second] = [await freshPage(browser), await freshPage(browser)];
    await open(first.page);
    await open(second.page);
    // The second one hears of nothing meanwhile, as on a train.
    await second.page.route('**/api/incidents/**', (route) =>
      route.request().method() === 'GET' ? route.abort() : route.continue(),
    );
    await first.page.keyboard.press('a');
    await first.page.getByText(/Acknowledged .*committed/).waitFor();
    await second.page.keyboard.press('a');
    await second.page.locator('.outcome', { hasText: 'was already acknowledged' }).waitFor();
    await first.page.keyboard.press('r');
    const dialog = first.page.getByRole('dialog');
    await dialog.waitFor();
    expect(await first.page.evaluate('document.activeElement.textContent')).toBe('Leave it open');
    await dialog.getByRole('button', { name: 'Resolve anyway' }).click();
    await first.page.getByText(/^Was critical/).waitFor();
    expect(await first.page.getByRole('heading', { level: 1 }).textContent()).toContain(': was 0.');
    expect(await axeFaults(first.page)).toEqual([]);
    await first.page.context().close();
    await second.page.context().close();
  });
});
