import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeFaults, desktop, fitsInWidth, looks, noBrowser, openBrowser, openedOf, shoot } from './browser.ts';
import type { Served } from './served.ts';
import { burning, config, send } from './watched.ts';

/** Accuracy of flights is of ml-platform, the latency of arrivals and all bags of serving. */
const owned = `${config
  .replaceAll(/( +)labels: \{ model: (arrival-eta|bag-routing) \}/g, '$&\n$1owner: serving')
  .replace('timezone: UTC', 'timezone: America/New_York')
  .replace('responders:', 'responders:\n  cleo: { name: Cleo Roy, contacts: [{ terminal: true }] }')}
teams:
  ml-platform: { members: [cleo], schedule: ml }
  serving: { members: [cleo] }
`;

describe.skipIf(noBrowser !== undefined)(
  `the scope of a team in a browser${noBrowser === undefined ? '' : ` (${noBrowser})`}`,
  () => {
    let served: Served;
    let browser: Browser;
    beforeAll(async () => {
      served = await burning(owned);
      browser = await openBrowser();
    });
    afterAll(async () => {
      await browser?.close();
      await served?.close();
    });
    const opened = openedOf(
      () => browser,
      () => served.url,
    );

    for (const [look, options] of looks) {
      it.each([
        ['now', '/?team=serving'],
        ['incidents', '/incidents?team=serving'],
        ['rules', '/rules?team=serving'],
      ])(`shows %s of a team, and what that leaves out, without a fault, ${look}`, async (name, path) => {
        const { page, faults, screen } = await opened(path, options);
        const left = screen.locator('.of-others');
        await left.waitFor();
        await page.waitForLoadState('networkidle').catch(() => undefined);
        await shoot(page, `scope-${name}-${look}`);
        if (name !== 'rules') {
          expect(await left.textContent()).toContain('1 incident, critical and open');
          expect(await left.getByRole('link').textContent()).toContain('Accuracy of flight delays');
        }
        expect(await axeFaults(page)).toEqual([]);
        expect(faults).toEqual([]);
        expect(await fitsInWidth(page)).toBe(true);
        await page.context().close();
      });
    }

    it('is chosen by control, key and palette, stays on the way through screens, and is in the address', async () => {
      const { page, screen } = await opened('/');
      const control = screen.getByRole('combobox', { name: 'Team' });
      await control.selectOption('serving');
      await page.waitForURL(/\?team=serving$/);
      await screen.getByText('Left out, of other teams').waitFor();
      expect(await screen.locator('.incident-rows').textContent()).not.toContain('Accuracy of flight delays');
      // All open incidents are counted beside the link to them, whatever the scope.
      await page.locator('.rail a[href="/incidents"]', { hasText: '2 open' }).click();
      await page.waitForURL(/\/incidents\?team=serving$/);
      await screen.getByRole('heading', { level: 1, name: '1 open of serving.' }).waitFor();
      await page.keyboard.press('w');
      await page.waitForURL(/team=\*$/);
      await screen.getByRole('heading', { level: 1, name: '2 open, 1 critical.' }).waitFor();
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Go to or do' }).fill('only ml-pl');
      await page.getByRole('option', { name: 'Show only ml-platform' }).waitFor();
      await page.keyboard.press('Enter');
      await page.waitForURL(/team=ml-platform$/);
      await page.goto(`${served.url}/rules`);
      await page.waitForURL(/\/rules\?team=ml-platform$/);
      expect(await control.inputValue()).toBe('ml-platform');
      await screen.getByRole('button', { name: 'Show all teams' }).click();
      await page.waitForURL(/team=\*$/);
      expect(await screen.locator('.of-others').count()).toBe(0);
      await page.context().close();
    });

    it('the palette finds people, runbooks, schedules and rules, and goes to them', async () => {
      const { page, screen } = await opened('/');
      // Keys are heard once the console is there.
      await screen.getByRole('heading', { level: 1 }).waitFor();
      const typed = async (text: string, option: RegExp): Promise<void> => {
        await page.keyboard.press('Control+k');
        await page.getByRole('combobox', { name: 'Go to or do' }).fill(text);
        await page.getByRole('option', { name: option }).waitFor();
      };
      await typed('cleo', /Cleo Roy/);
      await page.keyboard.press('Escape');
      await typed('it dropped', /It dropped/);
      expect(await axeFaults(page)).toEqual([]);
      await shoot(page, 'palette');
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/runbooks\/drop$/);
      await typed('ana', /ml.*ana is on call/);
      await page.getByRole('option', { name: /Ana Silva/ }).click();
      await page.waitForURL(/\/oncall\/ml$/);
      await page.context().close();
    });

    it('shows times in UTC, in the viewer’s zone, and in that of the schedule that the incident pages', async () => {
      const { page, screen } = await opened('/', { ...desktop, timezoneId: 'Asia/Kolkata' });
      const clock = screen.locator('.clock');
      await clock.getByText('12:40').waitFor();
      expect(await clock.textContent()).not.toContain('New York');
      await screen
        .locator('.incident-rows')
        .getByRole('link', { name: /Accuracy of flight delays/ })
        .click();
      await clock.getByText('08:40 New York (ml)').waitFor();
      expect(await clock.textContent()).toContain('18:10');
      await page.keyboard.press('u');
      await clock.locator('b', { hasText: '18:10' }).waitFor();
      await page.keyboard.press('u');
      await clock.locator('b', { hasText: '08:40' }).waitFor();
      expect(await axeFaults(page)).toEqual([]);
      expect(await fitsInWidth(page)).toBe(true);
      await shoot(page, 'zone-of-schedule');
      for (const width of [730, 800, 1000, 1200]) {
        await page.setViewportSize({ width, height: 800 });
        expect.soft(await fitsInWidth(page), `at ${width} px`).toBe(true);
      }
      expect(await screen.locator('.chart-sum').first().textContent()).toContain('at 08:40');
      await page.goto(`${served.url}/rules/flight-accuracy`);
      await clock.locator('b', { hasText: '08:40' }).waitFor();
      await page.goto(`${served.url}/?team=ml-platform`);
      await clock.locator('b', { hasText: '08:40' }).waitFor();
      await page.goto(`${served.url}/?team=*`);
      await clock.locator('b', { hasText: '12:40' }).waitFor();
      await page.context().close();
    });

    it('a link shows what its sender saw, and does not change what the reader chose; an unknown team shows everything', async () => {
      const { page, screen } = await opened('/');
      await screen.getByRole('combobox', { name: 'Team' }).selectOption('ml-platform');
      await page.goto(`${served.url}/incidents?team=serving`);
      await screen.getByRole('heading', { level: 1, name: '1 open of serving.' }).waitFor();
      await page.goto(`${served.url}/incidents`);
      await screen.getByRole('heading', { level: 1, name: '1 open of ml-platform, 1 critical.' }).waitFor();
      await page.goto(`${served.url}/incidents?team=gone`);
      await screen.getByRole('heading', { level: 1, name: '2 open, 1 critical.' }).waitFor();
      await page.context().close();
    });

    it('a new critical incident interrupts a screen reader only if it is of the scope', async () => {
      const mine = await opened('/?team=ml-platform');
      const theirs = await opened('/?team=serving');
      for (const { screen } of [mine, theirs]) await screen.getByText('Health of rules').waitFor();
      for (let minute = 0; minute < 3; minute += 1) {
        await send(served, { accuracy: 0.55, latency: 900 });
        await served.pass(1);
      }
      await theirs.page
        .locator('.vh[role=alert]', { hasText: 'Critical: arrival-eta answers slowly' })
        .waitFor({ state: 'attached' });
      await mine.page
        .locator('.vh[role=status]', { hasText: 'Critical: arrival-eta answers slowly' })
        .waitFor({ state: 'attached' });
      expect(await mine.page.locator('.vh[role=alert]').textContent()).toBe('');
      await mine.page.context().close();
      await theirs.page.context().close();
    });
  },
);
