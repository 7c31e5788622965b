import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alertsOnly, firing } from './alerts-only.ts';
import { noBrowser, openBrowser } from './browser.ts';
import { type Served, serve } from './served.ts';

describe.skipIf(noBrowser !== undefined)(`tabs of a browser${noBrowser === undefined ? '' : ` (${noBrowser})`}`, () => {
  let served: Served;
  let browser: Browser;
  beforeAll(async () => {
    served = await serve(alertsOnly, { runbooks: { late: '---\ntitle: Training is late\n---\nLook at the queue.\n' } });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  it('share one stream, and the next goes on when the one that holds it is closed', async () => {
    const context = await browser.newContext();
    const streams: URL[] = [];
    context.on('request', (request) => {
      const url = new URL(request.url());
      if (url.pathname === '/api/events') streams.push(url);
    });
    const first = await context.newPage();
    await first.goto(`${served.url}/incidents`);
    await expect.poll(() => streams).toHaveLength(1);
    const second = await context.newPage();
    await second.goto(`${served.url}/incidents`);
    await second.getByRole('heading', { level: 1 }).waitFor();
    await served.post('/api/v2/alerts', firing('TrainingLate'));
    for (const page of [first, second]) {
      await page.bringToFront();
      await page
        .getByRole('link', { name: /TrainingLate/ })
        .first()
        .waitFor();
    }
    expect(streams).toHaveLength(1);
    await first.close();
    await expect.poll(() => streams).toHaveLength(2);
    expect(streams[1]?.searchParams.get('after')).toMatch(/^[0-9a-f]{8}-[1-9]/);
    await served.post('/api/v2/alerts', firing('FeedStale'));
    await second
      .getByRole('link', { name: /FeedStale/ })
      .first()
      .waitFor();
    await context.close();
  });
});
