import { createHash } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Session, sealSession } from '../../core/access/sign-in/session.ts';
import { keyFor } from '../../core/access/sign-in/signed-text.ts';
import { asIncidentId } from '../../core/vocabulary/ids.ts';
import { alertsOnly, firing } from './alerts-only.ts';
import { axeFaults, desktop, fitsInWidth, freshPage, noBrowser, openBrowser, phone } from './browser.ts';
import { type Served, serve } from './served.ts';

const day = 86_400_000;
const secret = createHash('sha256').update('sessions of this test').digest('hex');
const secrets = { TEST_WEB_PASSWORD: 'opensesame', TEST_SESSION_KEY: secret };

const withPassword = `${alertsOnly}
settings: { webPassword: TEST_WEB_PASSWORD, signIn: { secret: TEST_SESSION_KEY, lasts: 7d } }
`;
const issuer = 'https://id.example.com';
const withProvider = `${alertsOnly}
schedules:
  ml: { timezone: UTC, start: 2026-01-05T09:00, responders: [ana] }
settings:
  publicUrl: http://127.0.0.1:4319
  webPassword: TEST_WEB_PASSWORD
  signIn:
    secret: TEST_SESSION_KEY
    oidc: { issuer: "${issuer}", clientId: tocsin, allow: { everybody: true }, roles: { otherwise: viewer } }
`;
const runbooks = { late: '---\ntitle: Training is late\n---\nLook at the queue.\n' };
const program = { authorization: `Basic ${Buffer.from('test:opensesame').toString('base64')}` };

describe.skipIf(noBrowser !== undefined)(`who looks${noBrowser === undefined ? '' : ` (${noBrowser})`}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    Object.assign(process.env, secrets);
    browser = await openBrowser();
  });
  afterAll(async () => {
    for (const name of Object.keys(secrets)) delete process.env[name];
    await browser?.close();
  });

  const incidentOf = async ({ service }: Served): Promise<string> => {
    const [incident] = await service.ports.store.incidents({ status: 'open', limit: 1 });
    return incident?.id ?? '';
  };

  async function signIn(page: Page): Promise<void> {
    await page.getByLabel(/name/i).fill('ana');
    await page.getByLabel(/password/i).fill(secrets.TEST_WEB_PASSWORD);
    await page.getByRole('button', { name: /sign in/i }).click();
  }

  describe('with the password', () => {
    let served: Served;
    beforeAll(async () => {
      served = await serve(withPassword, { headers: program, runbooks });
      await served.post('/api/v2/alerts', firing('TrainingLate'));
      await served.pass(2);
    });
    afterAll(() => served?.close());

    it('signs out from the settings, and is asked to sign in again', async () => {
      const { page } = await freshPage(browser);
      // An address that only the console has leads to signing in, too, and back.
      await page.goto(`${served.url}/settings`);
      await signIn(page);
      await page.waitForURL('**/settings');
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByLabel(/password/i).waitFor();
      await page.goto(`${served.url}/incidents`);
      await page.getByLabel(/password/i).waitFor();
      expect(new URL(page.url()).pathname).toBe('/signin');
      expect(await page.context().cookies()).toEqual([]);
      await page.context().close();
    });

    it('whose session ends in the middle of a note loses nothing, is told, and goes on after signing in', async () => {
      const { page } = await freshPage(browser);
      const id = await incidentOf(served);
      await page.goto(`${served.url}/incidents/${id}`);
      await signIn(page);
      await page.getByRole('button', { name: /^Note/ }).click();
      const dialog = page.getByRole('dialog', { name: 'Note' });
      await dialog.getByRole('textbox').fill('the feed was moved');
      served.clock.set(served.clock.now() + 8 * day);
      await dialog.getByRole('button', { name: 'Note' }).click();
      const way = dialog.getByRole('link', { name: /Sign in/ });
      await way.waitFor();
      expect(await dialog.getByRole('textbox').inputValue()).toBe('the feed was moved');
      expect(await axeFaults(page)).toEqual([]);
      expect((await served.service.ports.store.timeline(asIncidentId(id))).some(({ kind }) => kind === 'noted')).toBe(false);
      const [tab] = await Promise.all([page.context().waitForEvent('page'), way.click()]);
      await signIn(tab);
      await tab.waitForURL(`**/incidents/${id}`);
      await dialog.getByRole('button', { name: 'Note' }).click();
      await dialog.waitFor({ state: 'detached' });
      const noted = (await served.service.ports.store.timeline(asIncidentId(id))).find(({ kind }) => kind === 'noted');
      expect(noted).toMatchObject({ text: 'the feed was moved', actor: 'web:ana' });
      await page.context().close();
    });
  });

  describe('somebody without an account', () => {
    it('reads one incident by a link that a responder made in the console, and nothing else', async () => {
      const served = await serve(withPassword, { headers: program, runbooks });
      await served.post('/api/v2/alerts', firing('TrainingLate'));
      await served.pass(2);
      const id = await incidentOf(served);
      const { page } = await freshPage(browser);
      await page.goto(`${served.url}/incidents/${id}`);
      await signIn(page);
      await page.getByRole('button', { name: 'Share…' }).click();
      const dialog = page.getByRole('dialog', { name: 'Share this incident' });
      await dialog.getByRole('combobox').selectOption('4h');
      await dialog.getByRole('button', { name: 'Make a link' }).click();
      const link = new URL(await dialog.getByRole('textbox').inputValue());
      expect(await axeFaults(page)).toEqual([]);
      const guest = await freshPage(browser);
      await guest.page.goto(`${served.url}${link.pathname}`);
      expect(await guest.page.getByRole('heading', { level: 1 }).textContent()).toContain('TrainingLate');
      expect(await guest.page.getByRole('button').count()).toBe(0);
      await guest.page.goto(`${served.url}/incidents`);
      expect(await guest.page.getByRole('heading', { name: 'TrainingLate' }).count()).toBe(0);
      served.clock.set(served.clock.now() + 5 * 3_600_000);
      const late = await guest.page.goto(`${served.url}${link.pathname}`);
      expect(late?.status()).toBeGreaterThanOrEqual(400);
      await guest.page.context().close();
      await page.context().close();
      await served.close();
    });
  });

  describe('a viewer', () => {
    let served: Served;
    let id = '';
    beforeAll(async () => {
      served = await serve(withProvider, { headers: program, runbooks });
      await served.post('/api/v2/alerts', firing('TrainingLate'));
      await served.post('/api/v2/alerts', firing('FeedDown'));
      await served.pass(2);
      await served.post('/api/silences', { match: { alertname: 'Other' }, durationMs: 7_200_000, comment: 'moving the feed' });
      id = await incidentOf(served);
    });
    afterAll(() => served?.close());

    async function viewing(
      address: string,
      options = desktop as Parameters<Browser['newContext']>[0],
    ): Promise<{ page: Page; faults: string[] }> {
      const found = await freshPage(browser, options);
      const from = served.clock.now();
      const key = keyFor(new TextEncoder().encode(secret), 'oidc session', issuer, 'tocsin');
      const session: Session = {
        how: 'oidc',
        subject: 's1',
        email: 'val@example.com',
        name: 'Val',
        groups: [],
        from,
        until: from + day,
      };
      await found.page.context().addCookies([{ name: 'tocsin', value: sealSession(key, session), url: served.url }]);
      await found.page.goto(`${served.url}${address}`);
      return found;
    }

    const screens: readonly [address: string, deed: RegExp, why: RegExp][] = [
      ['/incidents/ID', /^(Acknowledge|Escalate|Resolve|Silence|Note)/, /Not possible now/],
      ['/silences', /^(Silence|End)\b/, /role is viewer; it may not silence/],
      ['/oncall', /^(Take over|Put somebody)/, /role is viewer; it may not go on call/],
      ['/settings', /^(Page me|Send a test page)/, /nobody to page|may not send test pages/],
      ['/incidents', /^(Acknowledge|Select)/, /2 open/],
    ];
    it.each(screens)('on %s is offered no button that only fails, and told why', async (address, deed, why) => {
      for (const options of [desktop, phone]) {
        const { page, faults } = await viewing(address.replace('ID', id), options);
        await page.getByText(why).first().waitFor();
        expect(await page.getByRole('main').getByRole('button', { name: deed }).count()).toBe(0);
        expect(await page.getByRole('checkbox', { name: /^Select/ }).count()).toBe(0);
        expect(await axeFaults(page)).toEqual([]);
        expect(await fitsInWidth(page)).toBe(true);
        // Alerts of another system have no chart.
        expect(faults.filter((fault) => !fault.includes('404'))).toEqual([]);
        if (process.env['TOCSIN_SHOTS'] !== undefined)
          await page.screenshot({
            path: `${process.env['TOCSIN_SHOTS']}/viewer${address.replaceAll('/', '-')}-${options === phone ? 'phone' : 'desktop'}.png`,
          });
        await page.context().close();
      }
    });

    it('is refused by the server all the same', async () => {
      const { page } = await viewing('/incidents');
      const status = await page.evaluate(
        async (path) => (await fetch(path, { method: 'POST', body: '{}' })).status,
        `/api/incidents/${id}/acknowledge`,
      );
      expect(status).toBe(403);
      await page.context().close();
    });
  });

  it('a service that is not heard for two minutes is said to be so, over all that is shown', async () => {
    const served = await serve(alertsOnly, { runbooks });
    await served.post('/api/v2/alerts', firing('TrainingLate'));
    const { page } = await freshPage(browser);
    await page.clock.install();
    await page.goto(`${served.url}/incidents`);
    const row = page.getByRole('link', { name: /TrainingLate/ }).first();
    await row.waitFor();
    const bar = page.getByText('Tocsin has not been heard for more than two minutes');
    await served.close();
    await page.clock.fastForward(60_000);
    expect(await bar.count()).toBe(0);
    await page.clock.fastForward(65_000);
    await bar.waitFor();
    await row.waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await page.context().close();
  });
});
