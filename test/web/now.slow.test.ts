import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeFaults, described, fitsInWidth, freshPage, looks, noBrowser, openBrowser, openedOf, shoot } from './browser.ts';
import { type Served, serve } from './served.ts';
import { burning, config, runbooks, send } from './watched.ts';

describe.skipIf(noBrowser !== undefined)(`Now and Rules in a browser${noBrowser === undefined ? '' : ` (${noBrowser})`}`, () => {
  let served: Served;
  let browser: Browser;
  beforeAll(async () => {
    served = await burning();
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
      ['now', '/', 'Accuracy of flight delays'],
      ['models', '/?by=models', 'Accuracy of flight delays'],
      ['incidents', '/incidents', 'Accuracy of flight delays'],
      ['rules', '/rules', 'Accuracy of flight delays'],
      ['rule', '/rules/flight-accuracy?why=yes', 'If it fires now'],
      ['unjudged', '/rules/noshow-accuracy', 'If it fires now'],
    ])(`shows %s without a fault, ${look}`, async (name, path, text) => {
      const { page, faults, screen } = await opened(path, options);
      await screen.getByText(text).first().waitFor();
      await page.waitForLoadState('networkidle').catch(() => undefined);
      await shoot(page, `${name}-${look}`);
      expect(await axeFaults(page)).toEqual([]);
      expect(faults).toEqual([]);
      expect(await fitsInWidth(page)).toBe(true);
      await page.context().close();
    });
  }

  it('says first what is wrong and who has it, and when whom is paged next', async () => {
    const { page, screen } = await opened('/');
    await screen.getByRole('heading', { level: 1, name: /Accuracy of flight delays.*critical; ben has been paged/ }).waitFor();
    await screen.getByRole('timer').first().waitFor();
    await expect.poll(() => screen.getByText('until ben is paged').count()).toBe(2);
    await page.context().close();
  });

  it('moves among incidents by J and K, and opens one by Enter', async () => {
    const { page, screen } = await opened('/');
    await screen.getByRole('timer').first().waitFor();
    const focused = (): Promise<string | null> => page.evaluate('document.activeElement.textContent');
    await page.keyboard.press('j');
    expect(await focused()).toContain('Accuracy of flight delays');
    await page.keyboard.press('j');
    expect(await focused()).toContain('arrival-eta');
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/incidents\/inc-/);
    await page.context().close();
  });

  it('a name that looks like HTML stays text', async () => {
    const { page, screen, faults } = await opened('/rules/hostile');
    await screen.getByText('<img src=x onerror="document.title=1"> & "quotes"').first().waitFor();
    expect(await page.title()).not.toBe('1');
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('filters are in the address, and an address with filters shows the same', async () => {
    const { page, screen } = await opened('/rules');
    await screen.getByRole('link', { name: 'flight-nulls' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('bags');
    await page.waitForURL(/q=bags/);
    await screen.getByRole('link', { name: 'flight-nulls' }).waitFor({ state: 'detached' });
    const again = await opened('/rules?health=critical&model=flight-delays');
    await again.screen.getByRole('link', { name: 'Accuracy of flight delays' }).waitFor();
    await expect.poll(() => again.screen.locator('.rule-row').count()).toBe(1);
    await again.page.context().close();
    await page.context().close();
  });

  it('tries other bounds on the kept history, and gives the YAML to change', async () => {
    const { page, screen } = await opened('/rules/flight-accuracy');
    await screen.getByText('If it fires now').waitFor();
    await page.keyboard.press('p');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('0.5');
    await screen.getByLabel(/^critical,/).fill('0.4');
    await page.keyboard.press('Enter');
    const changed = screen.getByRole('row', { name: /^Changed/ });
    await changed.waitFor();
    expect(await changed.getByRole('cell').nth(1).textContent()).toBe('0');
    expect(
      await screen
        .getByRole('row', { name: /^As it is/ })
        .getByRole('cell')
        .nth(1)
        .textContent(),
    ).toBe('1');
    await screen.getByText('critical: 0.4').waitFor();
    // A word is no bound: told beside its field, and nothing is judged by it.
    const warn = screen.getByLabel(/^warn,/);
    await warn.fill('half');
    await page.keyboard.press('Enter');
    await expect.poll(() => warn.getAttribute('aria-invalid')).toBe('true');
    expect(await described(page)).toBe('half is not a number.');
    expect(await axeFaults(page)).toEqual([]);
    await shoot(page, 'backtest');
    await page.context().close();
  });

  it('the chart is read point by point with arrow keys', async () => {
    const { page, screen } = await opened('/rules/flight-accuracy?range=3d');
    const chart = screen.getByRole('slider');
    await chart.focus();
    await page.keyboard.press('ArrowLeft');
    expect(await chart.getAttribute('aria-valuetext')).toMatch(/critical/);
    await page.context().close();
  });

  it('a rule that is not there is said to be none, with the one that was meant', async () => {
    const { page, screen } = await opened('/rules/flight-acuracy');
    await screen.getByText(/there is no rule.*flight-accuracy/).waitFor();
    await page.context().close();
  });

  it('says that nothing is open, and how to make a first rule where there is none', async () => {
    const own = await serve(`${config.slice(0, config.indexOf('rules:'))}rules: {}\n`, { runbooks });
    const { page, faults } = await freshPage(browser);
    await page.goto(`${own.url}/`);
    await page.locator('#console').getByRole('heading', { level: 1, name: 'Nothing is open. There are no rules yet.' }).waitFor();
    await page.locator('#console').getByText('tocsin init').waitFor();
    expect(await axeFaults(page)).toEqual([]);
    expect(faults).toEqual([]);
    await page.context().close();
    await own.close();
  });

  it('keeps what is known while the server is away, and goes on when it is back', async () => {
    const { page, screen } = await opened('/');
    await screen.getByRole('timer').first().waitFor();
    await page.context().setOffline(true);
    await screen.getByText(/^Reconnecting/).waitFor();
    await expect.poll(() => screen.getByText('until ben is paged').count()).toBe(2);
    await page.context().setOffline(false);
    await screen.getByText(/^Live/).waitFor();
    await page.context().close();
  });

  it('acknowledges several in a dialog that lists them, and shows each as done once it is committed', async () => {
    const own = await burning();
    const { page } = await freshPage(browser);
    await page.goto(`${own.url}/incidents`);
    const screen = page.locator('#console');
    await screen.getByRole('checkbox').first().waitFor();
    await screen.getByRole('button', { name: 'Select 2 unanswered' }).click();
    await page.keyboard.press('a');
    const dialog = page.getByRole('dialog', { name: 'Acknowledge 2 incidents' });
    await dialog.waitFor();
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Cancel');
    expect(await axeFaults(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Acknowledge 2' }).click();
    await dialog
      .getByText(/committed/)
      .nth(1)
      .waitFor();
    const { incidents } = (await (await fetch(`${own.url}/api/incidents`)).json()) as { incidents: { status: string }[] };
    expect(incidents.map(({ status }) => status)).toEqual(['acknowledged', 'acknowledged']);
    await dialog.getByRole('button', { name: 'Close' }).click();
    await screen
      .getByText(/has it/)
      .first()
      .waitFor();
    await page.context().close();
    await own.close();
  });

  it('values change in place while the focus stays, and a new incident waits until it is let in', async () => {
    const own = await serve(config, { runbooks });
    for (let minute = 0; minute < 4; minute += 1) {
      await send(own, { accuracy: 0.55, latency: 100 });
      await own.pass(1);
    }
    const { page } = await freshPage(browser);
    await page.goto(`${own.url}/`);
    const screen = page.locator('#console');
    await screen.getByRole('timer').first().waitFor();
    await page.keyboard.press('j');
    for (let minute = 0; minute < 2; minute += 1) {
      await send(own, { accuracy: 0.55, latency: 500 });
      await own.pass(1);
    }
    await screen.getByRole('button', { name: '1 new, show' }).waitFor();
    expect(await page.evaluate('document.activeElement.textContent')).toContain('Accuracy of flight delays');
    await expect.poll(() => screen.locator('.incident-row').count()).toBe(1);
    await screen.getByRole('button', { name: '1 new, show' }).click();
    await screen.locator('.incident-row').nth(1).waitFor();
    await page.context().close();
    await own.close();
  });

  it('10,000 rules and the document stays small, on Now and while the list is scrolled to its end', async () => {
    const many = Array.from(
      { length: 10_000 },
      (_, place) =>
        `  r${place}: { source: pushed, query: { samples: { metric: m${place % 50} } }, category: latency, threshold: { above: { critical: 5 } }, labels: { model: model-${place % 400} }, runbook: drop }`,
    );
    const own = await serve(`${config.slice(0, config.indexOf('rules:'))}rules:\n${many.join('\n')}\n`, { runbooks });
    const { page } = await freshPage(browser);
    const nodes = (): Promise<number> => page.evaluate('document.querySelectorAll("*").length');
    await page.goto(`${own.url}/`);
    const screen = page.locator('#console');
    await screen.getByText('Health of rules').waitFor();
    expect(await nodes()).toBeLessThan(4000);
    await page.goto(`${own.url}/rules`);
    await screen.locator('.rule-row').first().waitFor();
    const most: number[] = [];
    const last = (): Promise<string | null> => screen.locator('.rule-row').last().textContent();
    for (let step = 0; step < 10; step += 1) {
      const before = await last();
      await page.evaluate('window.scrollTo(0, document.documentElement.scrollHeight)');
      await expect.poll(last).not.toBe(before);
      await screen.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
      most.push(await nodes());
    }
    expect(Math.max(...most)).toBeLessThan(6000);
    await page.context().close();
    await own.close();
  });
});
