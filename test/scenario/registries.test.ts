import { describe, expect, it } from 'vitest';
import { whyOf } from '../../app/explain/why.ts';
import { pollRegistries } from '../../app/ingest/poll-registries.ts';
import { noteTick, readNotes } from '../../app/selfcheck/vitals.ts';
import { withheldReasons } from '../../core/selfcheck/vitals/vitals.ts';
import { asRuleId } from '../../core/vocabulary/ids.ts';
import { errorsOf } from '../config/errors-of.ts';
import { siteOf } from '../http/site.ts';
import { type Part, t0 } from './harness.ts';

const mlflow = {
  kind: 'mlflow',
  url: 'http://mlflow.internal',
  every: '5m',
  owner: 'platform',
  labels: { environment: 'live' },
} as const;

/**
 * A site whose registry answers, or not, as a test says, and is asked each minute by the loop
 * beside the ticks.
 */
function house({ part, access }: { part?: Part; access?: 'public' } = {}) {
  const site = siteOf({
    part: { rules: {}, registries: { mlflow }, ...part },
    settings: { resolveDelay: '0s', groupWait: '0s' },
    ...(access === undefined ? {} : { access }),
  });
  const ports = { ...site.ports, askRegistry: async () => (fault === undefined ? [] : Promise.reject(fault)) };
  let fault: Error | undefined;
  return {
    ...site,
    down: (why = 'MLflow cannot be reached: ECONNREFUSED') => {
      fault = new Error(why);
    },
    up: () => {
      fault = undefined;
    },
    async pass(minutes: number) {
      for (let n = 0; n < minutes; n += 1) {
        await pollRegistries(ports, site.story.clock.now());
        await site.story.pass('1m');
      }
    },
    async health() {
      const now = site.story.clock.now();
      await noteTick(
        ports,
        { rules: 0, series: 0, verdicts: {} as never, changes: 0, errors: [] },
        { startedAt: now, endedAt: now },
      );
      return (await (await site.get('/healthz')).json()) as { status: string; reasons: { kind: string; text: string }[] };
    },
  };
}

describe('a model registry that does not answer', () => {
  it('is one alert after errorFor, with its owner, and one line of /healthz; both end when it answers', async () => {
    const site = house();
    await site.pass(10);
    site.down();
    await site.pass(14);
    expect(site.story.pages()).toEqual([]);
    expect((await site.health()).reasons).toEqual([]);
    await site.pass(10);
    expect(site.story.pages()).toEqual(['0:25 triggered: responder/ana by sns:ana']);
    const incident = await site.story.incident();
    expect(incident).toMatchObject({ severity: 'warn', category: 'pipeline', status: 'triggered' });
    expect(incident.alerts).toMatchObject([
      {
        ruleId: 'registry/mlflow',
        title: 'the registry mlflow does not answer',
        owner: 'platform',
        runbook: 'source-failing',
        labels: { environment: 'live', registry: 'mlflow' },
      },
    ]);
    const text = 'the registry mlflow does not answer: MLflow cannot be reached: ECONNREFUSED';
    expect(await site.health()).toMatchObject({
      status: 'degraded',
      reasons: [{ kind: 'registry fails', registry: 'mlflow', since: '2026-01-05T09:10:00.000Z', text }],
    });
    expect(withheldReasons(await readNotes(site.ports), site.story.clock.now())).toEqual([]);
    site.up();
    await site.pass(6);
    expect(await site.story.incident()).toMatchObject({ status: 'resolved' });
    expect(await site.health()).toMatchObject({ status: 'ok', reasons: [] });
    expect(await site.story.store.alerts()).toEqual([]);
  });

  it('says what it says now, and is one alert however long and however it fails', async () => {
    const site = house();
    site.down();
    await site.pass(30);
    site.down('MLflow refuses the credentials with status 401');
    await site.pass(30);
    expect(await site.story.store.alerts()).toMatchObject([
      {
        reason: 'the registry mlflow has not answered since 2026-01-05 09:00 UTC: MLflow refuses the credentials with status 401',
      },
    ]);
    expect(await site.story.incidents()).toHaveLength(1);
  });

  it('does not count the time in which nobody asked', async () => {
    const site = house();
    site.down();
    await site.pass(1);
    await site.story.pass('3h');
    expect(await site.story.incidents()).toEqual([]);
  });

  it('is silenced and explained as any other', async () => {
    const site = house();
    await site.story.silence({ registry: 'mlflow' }, '2h');
    site.down();
    await site.pass(30);
    expect(site.story.pages()).toEqual([]);
    expect(await site.story.store.alerts()).toMatchObject([{ state: 'firing', muted: { by: 'silence' } }]);
    const told = await whyOf(site.ports, asRuleId('registry/mlflow'), site.story.clock.now());
    expect(JSON.stringify(told)).toContain('Tocsin asks the registry mlflow, and pages if it does not answer');
  });

  it('takes a policy by a route', async () => {
    const by = (responder: string) => ({ tiers: [{ targets: [{ responder }], ackWithin: '1h' }] });
    const routes = [{ name: 'platform', match: { registry: 'mlflow' }, policy: 'ops' }];
    const site = house({ part: { routes, policies: { duty: by('ana'), ops: by('max') } } });
    site.down();
    await site.pass(30);
    expect(site.story.pages()).toEqual(['0:15 triggered: responder/max by sns:max']);
  });

  it('ends when the config asks it no more', async () => {
    const site = house({ part: { registries: { mlflow, told: { kind: 'mlflow', webhookSecret: 'MLFLOW_WEBHOOK' } } } });
    site.down();
    await site.pass(30);
    delete site.story.ports.config.registries['mlflow'];
    await site.pass(2);
    expect(await site.story.incident()).toMatchObject({ status: 'resolved' });
  });

  it('is counted and not named where strangers may ask', async () => {
    const site = house({ access: 'public' });
    site.down('MLflow cannot be reached: mlflow.internal');
    await site.pass(30);
    const { reasons } = await site.health();
    expect(reasons).toEqual([
      { kind: 'registry fails', text: '1 model registry does not answer', since: new Date(t0).toISOString() },
    ]);
  });
});

describe('the config of a registry', () => {
  it('needs its runbook where its server is asked', () => {
    const text = (runbook: string) => `registries: { mlflow: { kind: mlflow, url: 'http://a.example', runbook: ${runbook} } }`;
    expect(JSON.stringify(errorsOf(text('nowhere')))).toContain('expected the name of a runbook');
  });
});
