import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { buildConsole } from '../scripts/build-console.ts';
import { freshPage, noBrowser, openBrowser, phone } from '../test/web/browser.ts';
import { type Served, serve } from '../test/web/served.ts';

const rules = 10_000;
const incidents = 5_000;
const updates = 120;
/** How much slower than this machine a phone is taken to be. */
const slower = 4;

/**
 * The console in a real browser: what the first view loads and how long it takes, what a key takes,
 * and what a long watch keeps.
 */
export async function benchConsole(): Promise<{ name: string; value: string }[]> {
  const built = buildConsole();
  const first = built.files
    .filter(({ name }) => built.first.includes(name))
    .map(({ bytes }) => gzipSync(bytes, { level: 9 }).length);
  const sizes = [
    {
      name: 'console: script of the first view, compressed',
      value: `${(first.reduce((sum, size) => sum + size, 0) / 1000).toFixed(1)} kB`,
    },
  ];
  if (noBrowser !== undefined) return [...sizes, { name: 'console: in a browser', value: `not measured: ${noBrowser}` }];
  const served = await serve(configOf(rules), { runbooks });
  const browser = await openBrowser();
  try {
    await openIncidents(served);
    return [...sizes, ...(await measured(served, browser))];
  } finally {
    await browser.close();
    await served.close();
  }
}

const runbooks = { late: '---\ntitle: Late\n---\nLook.\n', 'source-failing': '---\ntitle: A source fails\n---\nLook.\n' };

const configOf = (count: number): string => `
responders: { ana: { name: Ana Silva, contacts: [{ terminal: true }] } }
policies: { main: { tiers: [{ targets: [{ responder: ana }], ackWithin: 10m }] } }
matrix: { default: { warn: { policy: main }, critical: { policy: main } } }
sources:
  monitoring: { kind: alerts, category: availability, runbook: late, groupBy: [alertname] }
  pushed: { kind: samples }
rules:
${Array.from({ length: count }, (_, one) => `  rule-${one}: { source: pushed, query: { samples: { metric: m${one} } }, threshold: { above: { warn: 1, critical: 2 } }, category: resource, runbook: late, labels: { model: model-${one % 500} } }`).join('\n')}
`;

async function openIncidents({ post }: Served): Promise<void> {
  for (let from = 0; from < incidents; from += 500) {
    const alerts = Array.from({ length: 500 }, (_, one) => ({
      labels: { alertname: `Late${from + one}`, severity: 'warning' },
      annotations: { summary: `pipeline ${from + one} is late` },
      startsAt: '2026-06-01T11:58:00Z',
    }));
    await post('/api/v2/alerts', alerts);
  }
}

const inMs = (ms: number): string => `${Math.round(ms)} ms`;

async function measured(served: Served, browser: Browser): Promise<{ name: string; value: string }[]> {
  const rows: { name: string; value: string }[] = [];
  for (const [screen, path, shown] of [
    ['Now', '/', 'Health of rules'],
    ['Incidents', '/incidents', 'Late'],
    ['Rules', '/rules', 'rule-'],
  ] as const) {
    const { page } = await freshPage(browser, phone);
    await throttled(page);
    await page.addInitScript(marksFirstView);
    await page.goto(`${served.url}${path}`, { waitUntil: 'commit' });
    await page.locator('#console:not([hidden])').getByText(shown).locator('visible=true').first().waitFor();
    const [shownAt = Number.NaN] = (await page.evaluate(
      "performance.getEntriesByName('first-view').map((mark) => mark.startTime)",
    )) as number[];
    const paintedAt = Number(await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime"));
    rows.push({
      name: `console: ${screen} of ${rules} rules and ${incidents} incidents, first view at ${slower}x`,
      // Where the console comes before the server's page was painted, its own paint is the first
      // one.
      value: inMs(Math.max(shownAt, paintedAt)),
    });
    rows.push({
      name: `console: ${screen} of the same, first paint with content at ${slower}x`,
      value: inMs(paintedAt),
    });
    rows.push({
      name: `console: ${screen}, nodes in the document`,
      value: String(await page.evaluate('document.querySelectorAll("*").length')),
    });
    for (const { what, keys } of keysOf[path]) {
      // The screen has settled: what is measured is the key, not the first view.
      await page.waitForTimeout(2000);
      rows.push({
        name: `console: ${screen}, ${what}, to the next paint, at ${slower}x`,
        value: inMs(await paintAfter(page, keys)),
      });
    }
    await page.context().close();
  }
  rows.push(...(await watched(served, browser)));
  return rows;
}

/**
 * Marks when the console was painted in place of the server's page: to ask from outside would slow
 * it down.
 */
const marksFirstView = `
  new MutationObserver((_, observer) => {
    const shown = document.getElementById('console');
    if (shown === null || shown.hidden) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => performance.mark('first-view')));
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['hidden'] });
`;

async function throttled(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slower });
}

type Pressed = { what: string; keys: readonly string[] };

/** What a person does on a screen, one after the other. */
const keysOf: Readonly<Record<'/' | '/incidents' | '/rules', readonly Pressed[]>> = {
  '/': [
    {
      what: 'opening and closing the palette',
      keys: Array.from({ length: 9 }, (_, n) => (n % 2 === 0 ? 'Control+k' : 'Escape')),
    },
    { what: 'opening and closing the list of keys', keys: Array.from({ length: 10 }, (_, n) => (n % 2 === 0 ? '?' : 'Escape')) },
    { what: 'moving by J and K', keys: [...'jjjjkkjjj'] },
    { what: 'opening an incident', keys: ['Enter'] },
  ],
  '/incidents': [
    { what: 'moving by J and K', keys: [...'jjjjkkjjj'] },
    { what: 'typing into the filter', keys: ['/', ...'late 1'] },
  ],
  '/rules': [
    { what: 'moving by J and K', keys: [...'jjjjkkjjj'] },
    { what: 'typing into the filter', keys: ['/', ...'rule-1'] },
  ],
};

/** From the key event to the frame after it, as the browser times it; the median of several. */
async function paintAfter(page: Page, keys: readonly string[]): Promise<number> {
  await page.evaluate(`
    window.keyTimes = [];
    window.timesKeys ??= document.addEventListener('keydown', (event) => {
      if (event.key === 'Control') return;
      const at = event.timeStamp;
      requestAnimationFrame(() => setTimeout(() => window.keyTimes.push(performance.now() - at)));
    }, { capture: true }) ?? true;
  `);
  for (const key of keys) {
    await page.keyboard.press(key);
    await page.waitForTimeout(100);
  }
  const times = ((await page.evaluate('window.keyTimes')) as number[]).toSorted((a, b) => a - b);
  return times[Math.floor(times.length / 2)] ?? Number.NaN;
}

/** What the page keeps after as many updates as an hour of evaluations brings. */
async function watched({ url, post }: Served, browser: Browser): Promise<{ name: string; value: string }[]> {
  const { page } = await freshPage(browser);
  await page.goto(url);
  await page.getByText('Health of rules').first().waitFor();
  const session = await page.context().newCDPSession(page);
  const heap = async (): Promise<number> => {
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    return usedSize / 1e6;
  };
  const rename = async (round: number): Promise<void> => {
    await post('/api/v2/alerts', [
      {
        labels: { alertname: `Again${round}`, severity: 'critical' },
        annotations: { summary: 'late' },
        startsAt: '2026-06-01T11:58:00Z',
      },
    ]);
    await page.waitForTimeout(20);
  };
  for (let round = 0; round < 20; round += 1) await rename(round);
  const before = await heap();
  for (let round = 20; round < 20 + updates; round += 1) await rename(round);
  await page.waitForTimeout(1000);
  const after = await heap();
  return [
    {
      name: `console: heap of Now before and after ${updates} updates`,
      value: `${before.toFixed(1)} MB, ${after.toFixed(1)} MB`,
    },
  ];
}
