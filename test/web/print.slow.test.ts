import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshPage, noBrowser, openBrowser, shoot } from './browser.ts';
import type { Served } from './served.ts';
import { burning } from './watched.ts';

/** What the margins leave of A4, at 96 dots an inch. */
const paper = { viewport: { width: 726, height: 1055 } } as const;

describe.skipIf(noBrowser !== undefined)(`the console on paper${noBrowser === undefined ? '' : ` (${noBrowser})`}`, () => {
  let served: Served;
  let browser: Browser;
  let incident: string;
  beforeAll(async () => {
    served = await burning();
    browser = await openBrowser();
    const open = await served.service.ports.store.incidents({ status: 'open', limit: 5 });
    incident = open.find(({ severity }) => severity === 'critical')?.id ?? '';
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });
  const printed = async (path: string): Promise<Page> => {
    const { page } = await freshPage(browser, paper);
    await page.goto(`${served.url}${path}`);
    await page.locator('#console h1').waitFor();
    await page.waitForLoadState('networkidle').catch(() => undefined);
    await page.emulateMedia({ media: 'print' });
    return page;
  };

  it.each([
    ['now', (): string => '/', ['Accuracy of flight delays', 'On call now', 'Not judged']],
    ['incident', (): string => `/incidents/${incident}`, ['Next', 'Timeline', 'Facts']],
    ['rule', (): string => '/rules/flight-accuracy', ['Judgements', 'If it fires now']],
    ['rules', (): string => '/rules', ['noshow-accuracy']],
  ] as const)('prints %s: what it says, nothing to press, nothing cut off at the side', async (name, path, said) => {
    const page = await printed(path());
    await shoot(page, `print-${name}`);
    const visible = (where: string): Promise<number> => page.locator(`${where}:visible`).count();
    for (const text of said) expect.soft(await page.getByText(text).first().isVisible()).toBe(true);
    expect.soft(await visible('button')).toBe(0);
    expect.soft(await visible('nav')).toBe(0);
    expect.soft(await visible('header.top')).toBe(0);
    expect.soft(await visible('input:not(.step input)')).toBe(0);
    expect.soft(await visible('select')).toBe(0);
    expect.soft(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    // A paper has no scroll bars: no table or list may keep a part for itself.
    expect
      .soft(
        await page.evaluate(
          "[...document.querySelectorAll('main *')].filter((one) => one.scrollWidth > one.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(one).overflowX)).map((one) => one.className)",
        ),
      )
      .toEqual([]);
    expect((await page.pdf({ format: 'A4', printBackground: true })).length).toBeGreaterThan(10_000);
    await page.context().close();
  });
});
