import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DeploymentState, newDeployment } from '../../core/remediation/deployments/deployment.ts';
import { asIncidentId } from '../../core/vocabulary/ids.ts';
import { axeFaults, described, fitsInWidth, focused, freshPage, looks, noBrowser, openBrowser, openedOf } from './browser.ts';
import { noon, type Served, serve } from './served.ts';

const config = `
responders:
  ana: { name: Ana Silva, contacts: [{ terminal: true }] }
  ben: { name: Ben Okafor, contacts: [{ terminal: true }] }
  chloe: { name: Chloe Martin, contacts: [{ terminal: true }] }
  dev: { name: Dev Patel, contacts: [{ terminal: true }] }
  emma: { name: Emma Lind, contacts: [{ terminal: true }] }
  farid: { name: Farid Haddad, contacts: [{ terminal: true }] }
channels:
  ml-alerts: { terminal: true }
schedules:
  ml:
    timezone: America/New_York
    start: 2026-01-05T09:00
    responders: [ana, ben, chloe]
    overrides: [{ from: 2026-06-13T09:00, to: 2026-06-14T21:00, responder: chloe }]
  data: { timezone: America/New_York, start: 2026-01-05T09:00, responders: [dev, emma] }
policies:
  main:
    tiers:
      - { targets: [{ schedule: ml }], ackWithin: 15m }
      - { targets: [{ responder: farid }], ackWithin: 30m }
  data:
    tiers:
      - { targets: [{ schedule: data }, { channel: ml-alerts }], ackWithin: 10m }
matrix:
  data-quality: { critical: { policy: data }, warn: { policy: data } }
  default: { warn: { policy: main }, critical: { policy: main } }
routes:
  - { name: staging, match: { environment: staging }, pages: nobody, tell: [{ channel: ml-alerts }] }
muteTimings:
  nightly: { timezone: UTC, match: { category: pipeline }, windows: [{ from: "11:00", to: "14:00" }] }
sources:
  monitoring: { kind: alerts, category: availability, runbook: late, groupBy: [alertname] }
  churn: { kind: predictions, model: churn, bucket: 1h, promotion: explicit }
rules:
  churn-accuracy:
    source: churn
    query: { predictions: { metric: accuracy, over: 1h } }
    step: 1h
    category: performance
    threshold: { below: { critical: 0.5 } }
    rollback: churn
    runbook: late
deployments:
  churn: { model: churn, hook: { webhook: { url: "http://127.0.0.1:9/hook", secret: HOOK } } }
rollbacks:
  churn: { deployment: churn, automatic: true }
`;

const runbook = '---\ntitle: Look at it\n---\nLook at the queue.\n';
const runbooks = { late: runbook, 'source-failing': runbook };

const firing = (name: string, labels: Record<string, string> = {}) => [
  {
    labels: { alertname: name, severity: 'critical', ...labels },
    annotations: { summary: `${name} is broken` },
    startsAt: '2026-06-01T11:58:00Z',
  },
];

/** As a rollback a while ago leaves a deployment. */
const rolledBack = (incidentId: string): DeploymentState => ({
  ...newDeployment('churn'),
  breaker: 'open',
  openedAt: noon - 3_600_000,
  rolledBackAt: [noon - 3_600_000],
  knownBad: [{ version: '7', at: noon - 3_600_000, incidentId: asIncidentId(incidentId) }],
  sighting: { at: noon, main: '6' },
  served: [{ version: '6', ms: 3_300_000, lastAt: noon }],
  version: 1,
});

const screens = [
  ['on-call', '/oncall', /answers for/],
  ['silences', '/silences?labels=category%3Ddrift', /is silenced|silences are in force/],
  ['deployments', '/deployments', /churn serves 6/],
  ['digest', '/digest', /incidents? began in 7 days/],
  ['changes', '/changes', /^Last, model churn deployed, 7 → 8/],
  ['audit', '/audit', /Last, /],
  ['settings', '/settings', /./],
] as const;

describe.skipIf(noBrowser !== undefined)(`operations${noBrowser === undefined ? '' : ` (${noBrowser})`}`, () => {
  let served: Served;
  let browser: Browser;
  beforeAll(async () => {
    served = await serve(config, { runbooks });
    browser = await openBrowser();
    await served.post('/api/v2/alerts', firing('TrainingLate', { model: 'churn' }));
    await served.post('/api/v2/alerts', firing('FeedDown'));
    await served.post('/v1/changes', [
      {
        kind: 'deploy',
        labels: { model: 'churn', environment: 'prod' },
        version: 8,
        previousVersion: 7,
        by: 'ana',
        link: 'https://ci.example/8',
        id: 1,
      },
      {
        kind: 'flag',
        labels: { flag: 'ranker' },
        version: true,
        previousVersion: false,
        timestamp: '2026-06-01T11:00:00Z',
        id: 2,
      },
    ]);
    await served.pass(2);
    await served.post('/api/silences', { match: { model: 'churn' }, durationMs: 7_200_000, comment: 'the feed is being moved' });
    await served.post('/api/overrides', {
      schedule: 'ml',
      assignee: 'ana',
      from: '2026-06-20T09:00',
      until: '2026-06-22T09:00',
      comment: 'a wedding',
    });
    await served.post('/api/baselines/churn/6/promote', {});
    await served.pass(1);
    await served.post('/v1/predictions?source=churn', [
      { id: 'a1', timestamp: '2026-06-01T12:00:00Z', prediction: 1, version: '7' },
    ]);
    await served.post('/api/baselines/churn/7/promote', {});
    await served.service.ports.store.commit({
      writes: [{ kind: 'deployment', value: rolledBack(await incidentId()), expected: 0 }],
      ...{ timeline: [], effects: [], done: [] },
    });
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  const incidentId = async (): Promise<string> => {
    const [incident] = await served.service.ports.store.incidents({ status: 'open', limit: 1 });
    return incident?.id ?? '';
  };

  const opened = openedOf(
    () => browser,
    () => served.url,
  );

  describe.each(looks)('%s', (look, options) => {
    it.each(screens)('%s is without a fault', async (name, address, headline) => {
      const { page, faults } = await opened(address, options);
      await page.getByRole('heading', { level: 1, name: headline }).waitFor();
      await page.locator('.panel:not([aria-busy])').first().waitFor();
      await page.waitForLoadState('networkidle');
      if (process.env['TOCSIN_SHOTS'] !== undefined)
        await page.screenshot({
          path: `${process.env['TOCSIN_SHOTS']}/${name}-${look.replaceAll(' ', '-')}.png`,
          fullPage: true,
        });
      expect(await axeFaults(page)).toEqual([]);
      expect(await fitsInWidth(page)).toBe(true);
      // On a phone the window itself would grow.
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(options.viewport.width);
      expect(faults.filter((fault) => !fault.includes('404'))).toEqual([]);
      await page.context().close();
    });
  });

  it('shows what was changed with the incidents that were told, by keyboard, of one kind, and of one thing', async () => {
    const { page } = await opened('/audit');
    await page.getByRole('heading', { level: 1, name: /^Last, / }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('c');
    await page.getByRole('heading', { level: 1, name: /^Last, model churn deployed/ }).waitFor();
    const row = page.getByRole('row', { name: /model churn deployed/ });
    await row.getByRole('link', { name: /TrainingLate/ }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await expect.poll(() => page.locator(':focus').textContent()).toContain('flag ranker switched');
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    await page.getByText('Only model="churn"').waitFor();
    await expect.poll(() => page.getByRole('row').count()).toBe(2);
    await page.getByRole('button', { name: 'All', exact: true }).click();
    await page.getByLabel('Kind').selectOption('Flags');
    await page.getByRole('row', { name: /ranker/ }).waitFor();
    await page.getByRole('row', { name: /churn/ }).waitFor({ state: 'detached' });
    await page.context().close();
  });

  it('takes a shift over by keyboard, shows it when it is committed, and ends it', async () => {
    const { page } = await opened('/oncall/data');
    await page.getByRole('heading', { level: 1, name: /^dev answers for data/ }).waitFor();
    await page.keyboard.press('t');
    const dialog = page.getByRole('dialog', { name: 'Take over data' });
    await dialog.getByLabel('Who').fill('farid');
    await dialog.getByLabel('Until').fill('4h');
    await dialog.getByLabel('Why').fill('Dev is ill');
    expect(await axeFaults(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /^farid answers for data/ }).waitFor();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'End the override of farid for data' }).click();
    await page.getByRole('heading', { level: 1, name: /^dev answers for data/ }).waitFor();
    await page.context().close();
  });

  it('says in the dialog why a shift was not taken over', async () => {
    const { page } = await opened('/oncall/data');
    await page.getByRole('heading', { level: 1, name: /answers for data/ }).waitFor();
    await page.keyboard.press('o');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Who').fill('emmma');
    await dialog.getByRole('button', { name: 'Put on call' }).click();
    // Told beside its field, which has the focus again, and said where a dialog is read.
    await dialog
      .getByText(/did you mean emma/)
      .first()
      .waitFor();
    const who = dialog.getByLabel('Who');
    await expect.poll(() => who.getAttribute('aria-invalid')).toBe('true');
    await expect.poll(() => focused(page)).toBe(await who.getAttribute('id'));
    expect(await described(page)).toContain('did you mean emma');
    expect(await axeFaults(page)).toEqual([]);
    await page.context().close();
  });

  it('shows what a silence would match before it is made, and mutes only then', async () => {
    const { page } = await opened('/silences');
    await page.getByLabel('Alerts with all of').fill('alertname="FeedDown"');
    await page.getByText('It matches 1 of the 2 alerts that fire now.').waitFor();
    expect((await served.service.ports.store.silences(served.clock.now())).length).toBe(1);
    await page.getByRole('button', { name: 'Silence S' }).click();
    await page
      .getByText(/, committed/)
      .first()
      .waitFor();
    expect((await served.service.ports.store.silences(served.clock.now())).length).toBe(2);
    await page.getByRole('button', { name: 'End the silence of alertname="FeedDown"' }).click();
    await expect.poll(async () => (await served.service.ports.store.silences(served.clock.now())).length).toBe(1);
    await page.context().close();
  });

  it('tells what is wrong with a silence beside its field, and has the focus there', async () => {
    const { page } = await opened('/silences');
    const match = page.getByLabel('Alerts with all of');
    await match.waitFor();
    await page.keyboard.press('s');
    await page.keyboard.press('Enter');
    await expect.poll(() => match.getAttribute('aria-invalid')).toBe('true');
    expect(await described(page)).toContain('Say which alerts');
    await page.keyboard.type('model=~"((');
    await page.getByText(/expected a value for the label/).waitFor();
    expect(await page.getByText(/expected a body/).count()).toBe(0);
    await match.fill('alertname="FeedDown"');
    await page.getByText('It matches 1 of the 2 alerts that fire now.').waitFor();
    const length = page.getByLabel('For', { exact: true });
    await length.fill('two hours');
    await page.getByRole('button', { name: 'Silence S' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page)).toBe(await length.getAttribute('id'));
    expect(await described(page)).toContain('2h, 90m or 1d');
    expect(await axeFaults(page)).toEqual([]);
    expect((await served.service.ports.store.silences(served.clock.now())).length).toBe(1);
    await page.context().close();
  });

  it('says who would be paged, what would mute it, and keeps the question in the address', async () => {
    const { page } = await opened('/silences');
    await page.getByLabel('Labels of an alert').fill('category=pipeline, severity=critical, model=churn');
    await page.getByText(/It would be muted: silenced by web: the feed is being moved/).waitFor();
    await page.getByText(/It would be muted: mute timing nightly/).waitFor();
    expect(new URL(page.url()).searchParams.get('labels')).toContain('category=pipeline');
    await page.reload();
    await page.getByText(/It would be muted: mute timing nightly/).waitFor();
    await page.context().close();
  });

  it('says what serves, when that was seen, and what is known to be bad', async () => {
    const { page } = await opened('/deployments');
    const row = page.getByRole('row', { name: /^churn 6/ });
    await row.getByText(/for at least 55.min/).waitFor();
    await row.getByRole('link', { name: /since/ }).waitFor();
    await page.getByRole('row', { name: /churn 7 promoted/ }).waitFor();
    await page.getByRole('button', { name: 'Rollbacks' }).click();
    await page.getByText(/^Nothing yet/).waitFor();
    expect(page.url()).toMatch(/part=rollbacks$/);
    await page.context().close();
  });

  it('filters the audit log, and the address carries the filter', async () => {
    const { page } = await opened('/audit');
    await page.getByRole('cell', { name: 'silenced' }).first().waitFor();
    await page.getByLabel('What').selectOption('override');
    await page.getByRole('cell', { name: 'silenced', exact: true }).first().waitFor({ state: 'detached' });
    await page.getByRole('cell', { name: /a wedding/ }).waitFor();
    expect(page.url()).toMatch(/\?kind=override$/);
    await page.getByLabel('Text').fill('no such words');
    await page.getByText('No entry passes these filters.').waitFor();
    await page.context().close();
  });

  it('sends a test page and says when it is delivered', async () => {
    const { page } = await opened('/settings');
    await page.getByLabel('Responder').fill('ana');
    await page.getByRole('button', { name: /^Send a test page/ }).click();
    await page.getByText('on its way').waitFor();
    await served.pass(1);
    await page.getByText('delivered', { exact: true }).waitFor();
    await page.context().close();
  });

  it('knows who looks: whose turn it is, who is paged, and what they may not do', async () => {
    process.env['OPERATIONS_PASSWORD'] = 'a good one';
    const guarded = await serve(`settings: { webPassword: OPERATIONS_PASSWORD }\n${config}`, { runbooks });
    const { page } = await freshPage(browser);
    await page.goto(`${guarded.url}/signin?to=%2Foncall`);
    await page.getByLabel('Name').fill('chloe');
    await page.getByLabel('Password').fill('a good one');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText(/You are on call for ml until/).waitFor();
    await page.keyboard.press('o');
    await page.getByRole('dialog').getByLabel('Who').fill('ana');
    await page.getByText(/For more than 24 hours this takes an admin, and your role is responder/).waitFor();
    await page.getByLabel('Until').fill('25h');
    await page.getByRole('button', { name: 'Put on call' }).click();
    await page
      .getByText(/put somebody else on call \(ana\) for more than 1d takes the role admin/)
      .first()
      .waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await page.getByLabel('Until').fill('4h');
    await page.getByRole('button', { name: 'Put on call' }).click();
    await page
      .getByText(/ana is on call for ml/)
      .first()
      .waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await page.goto(`${guarded.url}/settings`);
    await page.getByRole('button', { name: /^Page me/ }).click();
    await guarded.pass(1);
    await page.getByText('delivered', { exact: true }).waitFor();
    const entries = await guarded.service.ports.store.auditLog(10);
    expect(entries).toContainEqual(
      expect.objectContaining({ actor: 'web:chloe', data: expect.objectContaining({ responder: 'chloe' }) }),
    );
    expect(await axeFaults(page)).toEqual([]);
    await page.context().close();
    await guarded.close();
  });

  it('keeps single letters off', async () => {
    const { page } = await opened('/settings');
    await page.getByLabel('Single letters are keys').uncheck();
    await page.goto(`${served.url}/oncall`);
    await page.getByRole('heading', { level: 1, name: /answers/ }).waitFor();
    await page.keyboard.press('t');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.context().close();
  });
});
