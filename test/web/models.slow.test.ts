import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFlights } from '../../examples/flight-delays/data.ts';
import { featuresOf, featuresOfNewFeed, lateShares, recentLateness } from '../../examples/flight-delays/features.ts';
import { axeFaults, fitsInWidth, looks, noBrowser, openBrowser, openedOf } from './browser.ts';
import { type Served, serve } from './served.ts';

const config = `
responders:
  ana: { name: Ana Silva, contacts: [{ terminal: true }] }
policies:
  main: { tiers: [{ targets: [{ responder: ana }], ackWithin: 10m }] }
matrix: { default: { warn: { policy: main }, critical: { policy: main } } }
sources:
  flights:
    kind: predictions
    model: flight-delays
    bucket: 1h
    profileBucket: 1h
    profiles: true
    segments: { origin: [ATL, ORD, DFW, LAX] }
    schema:
      hour: { type: number, unit: hours }
      weekday: { type: integer, unit: day }
      distance: { type: number, unit: miles }
      originLate: { type: number, unit: share, optional: true }
      destinationLate: { type: number, unit: share, optional: true }
      recentLate: { type: number, unit: share, optional: true }
      origin: { type: category }
  churn: { kind: predictions, model: churn, labels: { environment: production } }
rules:
  flight-inputs:
    title: Inputs of flight delays
    source: flights
    query: { predictions: { metric: drift, over: 9h } }
    step: 1h
    category: drift
    drift: { baseline: { rolling: { window: 14d } } }
    samples: { minCount: 60 }
    owner: ml-platform
    runbook: feature-drift
  flight-accuracy:
    source: flights
    query: { predictions: { metric: accuracy, over: 24h } }
    step: 1h
    category: performance
    degradation: { direction: drop, baseline: { fixed: 0.777 } }
    owner: ml-platform
    runbook: feature-drift
`;

const runbook = '---\ntitle: Look at the inputs\n---\nLook.\n';

const hour = 3_600_000;
const releaseAt = Date.UTC(2001, 2, 20, 10);
const judgedAt = releaseAt + 9 * hour;

/** Two weeks of recorded flights, then nine hours of a version that is given minutes for hours. */
function predictions() {
  const flights = readFlights();
  const shares = lateShares(flights.filter(({ departedAt }) => departedAt < Date.UTC(2001, 1, 1)));
  const recent = recentLateness(flights);
  return flights.flatMap((flight, index) => {
    const { id, departedAt, origin, late } = flight;
    if (departedAt < releaseAt - 14 * 24 * hour || departedAt >= judgedAt) return [];
    const isNew = departedAt >= releaseAt;
    const features = (isNew ? featuresOfNewFeed : featuresOf)(flight, shares, recent[index] ?? null);
    const prediction = isNew ? departedAt % 2 === 0 : (features.recentLate ?? 0) > 0.35;
    return [
      {
        ...{ id, timestamp: new Date(departedAt).toISOString(), version: isNew ? '2001-03.b' : '2001-01.a' },
        ...{ features: { ...features, origin }, prediction, score: prediction ? 0.7 : 0.2, label: late },
      },
    ];
  });
}

const screens = [
  ['models', '/models', /models are not well|is not well/],
  ['model', '/models/flight-delays', /accuracy of flight-delays is/],
  ['features-all', '/features', /One model keeps profiles/],
  ['features', '/features/flight-delays', /hour is not in hours any more: its values run from 600 to/],
  ['features-versions', '/features/flight-delays?against=version', /hour is not in hours/],
  ['features-none', '/features/churn', /keeps no profiles/],
  ['feature', '/features/flight-delays/hour', /hour is not in hours/],
  ['feature-category', '/features/flight-delays/origin', /origin/],
] as const;

describe.skipIf(noBrowser !== undefined)(`models and features${noBrowser === undefined ? '' : ` (${noBrowser})`}`, () => {
  let served: Served;
  let browser: Browser;
  beforeAll(async () => {
    served = await serve(config, {
      at: judgedAt - 2 * 60_000,
      runbooks: {
        'feature-drift': runbook,
        'source-failing': runbook,
        'baseline-unavailable': runbook,
        'too-many-series': runbook,
      },
    });
    browser = await openBrowser();
    const all = predictions();
    for (let from = 0; from < all.length; from += 500)
      await served.post('/v1/predictions?source=flights', all.slice(from, from + 500));
    await served.post('/v1/baselines?source=flights', {
      ...{ version: '2001-01.a', dataset: 'flights-2001-01', trainedAt: '2001-02-01T00:00:00Z' },
      rows: all.slice(0, 2000).map(({ features, prediction, label }) => ({ features, prediction, label })),
    });
    await served.pass(4);
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  const opened = openedOf(
    () => browser,
    () => served.url,
  );

  describe.each(looks)('%s', (look, options) => {
    it.each(screens)('%s is without a fault', async (name, address, headline) => {
      const { page, faults } = await opened(address, options);
      await page.getByRole('heading', { level: 1, name: headline }).waitFor();
      if (process.env['TOCSIN_SHOTS'] !== undefined)
        await page.screenshot({
          path: `${process.env['TOCSIN_SHOTS']}/${name}-${look.replaceAll(' ', '-')}.png`,
          fullPage: true,
        });
      expect(await axeFaults(page)).toEqual([]);
      expect(await fitsInWidth(page)).toBe(true);
      expect(faults).toEqual([]);
      await page.context().close();
    });
  });

  it('goes by keyboard from feature to feature, compares versions, and keeps the view in the address', async () => {
    const { page } = await opened('/features/flight-delays');
    await page.getByRole('heading', { level: 1, name: /hour is not in hours/ }).waitFor();
    await page.keyboard.press('v');
    await page.waitForURL(/against=version/);
    await page.getByText('against version 2001-01.a').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('hour');
    await page.keyboard.press('Enter');
    await page.waitForURL(/flight-delays\/hour\?against=version/);
    await page.getByRole('heading', { level: 2, name: 'Over time' }).waitFor();
    await page.getByText('Show as table').first().click();
    await page.getByRole('region', { name: 'Shares of values' }).waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await page.context().close();
  });

  it('is reached by G and a letter', async () => {
    const { page } = await opened('/features');
    await page.getByRole('heading', { level: 1, name: /profiles/ }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('m');
    await page.waitForURL(/\/models$/);
    await page.getByRole('link', { name: 'churn' }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/models\/churn/);
    await page.context().close();
  });
});
