import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core';

/** Debian's; another one is named by the environment. */
const executable = process.env['TOCSIN_CHROMIUM'] ?? '/usr/bin/chromium';
const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/**
 * Why tests in a browser are left out here, if they are. With TOCSIN_REQUIRE_BROWSER set they run,
 * and fail.
 */
export const noBrowser: string | undefined =
  existsSync(executable) || process.env['TOCSIN_REQUIRE_BROWSER'] !== undefined
    ? undefined
    : `no browser at ${executable}; apt-get install chromium, or name one in TOCSIN_CHROMIUM`;

export const openBrowser = (): Promise<Browser> => chromium.launch({ executablePath: executable, args: ['--no-sandbox'] });

export const desktop = { viewport: { width: 1440, height: 900 } } satisfies BrowserContextOptions;
export const phone = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
} satisfies BrowserContextOptions;

/** How each screen is looked at. */
export const looks = [
  ['light', desktop],
  ['dark', { ...desktop, colorScheme: 'dark' }],
  ['on a phone', phone],
] as const;

/** Keeps a screenshot in the folder that TOCSIN_SHOTS names, if it does. */
export async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env['TOCSIN_SHOTS'];
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}

/**
 * A page of a fresh profile, and what went wrong in it: script errors, refusals by its policy,
 * failed requests.
 */
export async function freshPage(
  browser: Browser,
  options: BrowserContextOptions = desktop,
): Promise<{ page: Page; faults: string[] }> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  // A limit is there to end what hangs, not to measure: compilers and other browsers run beside the
  // tests.
  page.setDefaultTimeout(120_000);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    // A stream that ends with the page, or that is not there, is no fault.
    if (message.type() === 'error' && !message.location().url.endsWith('/api/events')) faults.push(message.text());
  });
  return { page, faults };
}

/**
 * Opens addresses of one service, each in a fresh profile. `screen`: the console, without the page
 * below it.
 */
export const openedOf =
  (browser: () => Browser, url: () => string) =>
  async (
    address: string,
    options: BrowserContextOptions = desktop,
  ): Promise<{ page: Page; faults: string[]; screen: Locator }> => {
    const { page, faults } = await freshPage(browser(), options);
    await page.goto(`${url()}${address}`);
    return { page, faults, screen: page.locator('#console') };
  };

/** A rule of WCAG that the page breaks, and where. */
export type AxeFault = { rule: string; impact: string; where: string[] };

/** What axe finds wrong on the page as it is, by WCAG 2.2 AA and its best practices. */
export async function axeFaults(page: Page): Promise<AxeFault[]> {
  // Evaluated by the test's own connection: the page's policy lets in no foreign script.
  await page.evaluate(readFileSync(axeFile, 'utf8'));
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(): Promise<{ violations: { id: string; impact: string; nodes: { target: string[]; failureSummary: string }[] }[] }>;
      };
    };
    return (await axe.run()).violations;
  });
  return violations.map(({ id, impact, nodes }) => ({
    rule: id,
    impact,
    where: nodes.map(({ target, failureSummary }) => `${target.join(' ')}: ${failureSummary}`),
  }));
}

/** The id of what has the focus; the name of its element where it has none. */
export const focused = (page: Page): Promise<string> =>
  page.evaluate('document.activeElement.id || document.activeElement.tagName');

/** What describes what has the focus, as a screen reader reads it after the name. */
export const described = (page: Page): Promise<string> =>
  page.evaluate(`(document.activeElement.getAttribute('aria-describedby') ?? '')
    .split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join(' ')`);

/**
 * Whether nothing has to be scrolled sideways. On a phone the window grows with its content, so the
 * screen counts.
 */
export const fitsInWidth = (page: Page): Promise<boolean> =>
  page.evaluate('document.documentElement.scrollWidth <= Math.min(innerWidth, screen.width)');
