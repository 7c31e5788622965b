import { join } from 'node:path';
import { SNSClient } from '@aws-sdk/client-sns';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { probeTopic } from '../../adapters/sns/probe.ts';
import { evaluate } from '../../app/evaluate/evaluate.ts';
import { foldPredictions, foldSamples } from '../../app/ingest/ingest.ts';
import { writeNote } from '../../app/notes.ts';
import { noteTick, noteVitals } from '../../app/selfcheck/vitals.ts';
import { checkClock } from '../../cli/doctor/clock.ts';
import type { Finding } from '../../cli/doctor/finding.ts';
import { examine } from '../../cli/doctor/run.ts';
import { checkSources } from '../../cli/doctor/sources.ts';
import { checkTargets } from '../../cli/doctor/targets.ts';
import { undecidedNote } from '../../core/selfcheck/vitals/stored-rules.ts';
import { sqliteStore } from '../../stores/sqlite/index.ts';
import { predictionAt } from '../app/runtime.ts';
import { type StandIn, standIn } from '../contract/stand-in.ts';
import { configOf, levels, minute, storyOf } from '../scenario/harness.ts';
import { folderOf, project, tocsin } from './run.ts';
import { serviceIn } from './service.ts';

const slack = { token: 'TOKEN', signingSecret: 'SIGNING' };
const stateOf = (findings: readonly Finding[], what: string): string | undefined => {
  const found = findings.find((one) => one.what === what);
  return found && `${found.state}: ${found.found}`;
};

describe('what the doctor asks of Slack', () => {
  let server: StandIn;
  let scopes = 'chat:write,commands';
  let answer: object = { ok: true, team: 'Team', user: 'tocsin' };
  beforeAll(async () => {
    server = await standIn(() => ({
      headers: { 'content-type': 'application/json', 'x-oauth-scopes': scopes },
      body: JSON.stringify(answer),
    }));
  });
  afterAll(() => server.close());

  const config = configOf({ settings: { slack }, responders: { ana: { name: 'Ana', contacts: [{ slack: '#ana' }] } } });
  const ask = async (token: string | undefined = 'xoxb-1'): Promise<string | undefined> =>
    stateOf(await checkTargets({ ...config, channels: {} }, { get: async () => token }, Date.now(), server.url), 'slack');

  it('is who it is and what it may do, and no message', async () => {
    expect(await ask()).toMatch(/^ok: tocsin in Team may post/);
    expect(server.received.map(({ path }) => path)).toEqual(['/auth.test']);
  });

  it('finds the scope that is missing', async () => {
    scopes = 'commands';
    expect(await ask()).toBe('failed: the token of tocsin in Team lacks the scope chat:write');
    scopes = 'chat:write';
  });

  it('finds a token that is not taken, and one that has no value', async () => {
    answer = { ok: false, error: 'invalid_auth' };
    expect(await ask()).toMatch(/^failed: .*invalid_auth.*bot token/);
    expect(await ask('')).toBe('failed: the token TOKEN has no value');
  });
});

describe('what the doctor asks of a topic', () => {
  const attributes = (confirmed: number): string =>
    `<GetTopicAttributesResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><GetTopicAttributesResult><Attributes><entry><key>SubscriptionsConfirmed</key><value>${confirmed}</value></entry><entry><key>SubscriptionsPending</key><value>2</value></entry></Attributes></GetTopicAttributesResult></GetTopicAttributesResponse>`;

  it('is how many hear it', async () => {
    const server = await standIn(() => ({ headers: { 'content-type': 'text/xml' }, body: attributes(3) }));
    const client = new SNSClient({
      endpoint: server.url,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'example', secretAccessKey: 'example' },
      maxAttempts: 1,
    });
    expect(await probeTopic(client, 'arn:aws:sns:eu-central-1:123456789012:pager')).toEqual({ confirmed: 3, pending: 2 });
    expect(server.received[0]?.body).toContain('Action=GetTopicAttributes');
    await server.close();
  });
});

describe('what the doctor asks of a webhook', () => {
  const configAt = (url: string) =>
    configOf({ responders: { ana: { name: 'Ana', contacts: [{ webhook: { url, secret: 'HOOK' } }] } }, channels: {} });
  const ask = async (url: string): Promise<Finding | undefined> =>
    (await checkTargets(configAt(url), { get: async () => 'x' }, Date.now()))[0];

  it('is a connection and nothing more', async () => {
    const server = await standIn(() => ({}));
    expect(await ask(`${server.url}/hook`)).toMatchObject({ state: 'ok', found: 'takes connections' });
    expect(server.received).toEqual([]);
    await server.close();
    expect(await ask(`${server.url}/token`)).toMatchObject({
      state: 'failed',
      found: expect.stringMatching(/cannot be reached: ECONNREFUSED$/),
    });
  });

  it('is a certificate for https, which a plain server has not', async () => {
    const server = await standIn(() => ({}));
    expect(await ask(server.url.replace('http:', 'https:'))).toMatchObject({ state: 'failed' });
    await server.close();
  });
});

describe('what the doctor asks of a source', () => {
  it('is what its rules ask: whether it answers, and whether that is fresh', async () => {
    const story = storyOf();
    const ask = async (): Promise<string | undefined> => stateOf(await checkSources(story.ports, story.clock.now()), 'pushed');
    expect(await ask()).toBe('warn: answers, but has no data for slow');
    await story.value('latency', levels.ok);
    story.clock.set(story.clock.now() + minute);
    expect(await ask()).toBe('ok: answers, with 1 series for 1 rule, all fresh');
    const { samples } = story.ports.sources;
    const billed: typeof samples = {
      query: async (...asked) => (await samples.query(...asked)).map((one) => (one.ok ? { ...one, scanned: 12_300_000 } : one)),
    };
    const scanning = { ...story.ports, sources: { ...story.ports.sources, samples: billed } };
    expect(stateOf(await checkSources(scanning, story.clock.now()), 'pushed')).toMatch(/; 1 query scanned 12 MB$/);
    const fails = { query: () => Promise.reject(new Error('no credentials')) };
    const broken = { ...story.ports, sources: { ...story.ports.sources, samples: fails } };
    expect(await checkSources(broken, story.clock.now())).toMatchObject([
      { state: 'failed', found: 'no credentials', todo: expect.stringMatching(/what sends the samples/) },
    ]);
  });
});

describe('what the doctor asks of the clock', () => {
  const server = (date: Date) => standIn(() => ({ headers: { date: date.toUTCString() } }));
  const now = Date.UTC(2026, 0, 5, 9);

  it.each([
    [0, 'ok'],
    [60_000, 'warn'],
    [-600_000, 'failed'],
  ])('is how far it is off: %i ms', async (skew, state) => {
    const outside = await server(new Date(now + skew));
    expect(await checkClock(outside.url, () => now)).toMatchObject({ state });
    await outside.close();
  });

  it('stays unknown when nobody says what time it is', async () => {
    const outside = await server(new Date(now));
    await outside.close();
    expect(await checkClock(outside.url, () => now)).toMatchObject({ state: 'skipped' });
  });
});

describe('tocsin doctor', () => {
  let clock: StandIn;
  beforeAll(async () => {
    clock = await standIn(() => ({}));
  });
  afterAll(() => clock.close());
  afterEach(() => vi.unstubAllEnvs());

  it('has nothing to say against a sound project, and exits with 0', async () => {
    const { code, out, err } = await tocsin(['doctor', '--clock', clock.url], { cwd: project() });
    expect({ code, err }).toEqual({ code: 0, err: expect.stringMatching(/Nothing failed\.\n$/) });
    expect(out).toMatch(/^ok +config +config: 2 rules, 2 runbooks\nskipped +store +\.tocsin\/tocsin\.sqlite: does not exist yet/);
  });

  it('says of each failure what to do, and exits with 1', async () => {
    const cwd = project();
    const settings = 'settings: { ingestKey: INGEST_KEY }\n';
    const files = folderOf({ 'config/settings.yaml': settings });
    const { code, out } = await tocsin(
      ['doctor', '--json', '--clock', clock.url, '--config', join(files, 'config'), '--runbooks', join(cwd, 'runbooks')],
      { cwd },
    );
    expect(code).toBe(1);
    expect(JSON.parse(out.split('\n')[0] ?? '')).toMatchObject({
      area: 'config',
      state: 'failed',
      todo: expect.stringMatching(/correct it/),
    });
  });

  it('looks for every secret the config names, also keys of senders', async () => {
    vi.stubEnv('A_KEY', 'value');
    const config = configOf({
      settings: { ingestKeys: [{ name: 'a', secret: 'A_KEY', scope: ['samples'] }], webPassword: 'NOT_THERE' },
      channels: {},
      responders: { ana: { name: 'Ana', contacts: [{ terminal: true }] } },
    });
    const findings = await examine(config, { store: join(folderOf({}), 'none.sqlite'), clock: clock.url });
    expect(stateOf(findings, 'A_KEY')).toBe('ok: has a value');
    expect(findings.find(({ what }) => what === 'NOT_THERE')).toEqual({
      area: 'secrets',
      what: 'NOT_THERE',
      state: 'failed',
      found: 'has no value',
      todo: 'store its value in the environment variable NOT_THERE',
    });
  });

  it('reads the store, and what the last consistency check could not repair', async () => {
    const path = join(folderOf({}), 'tocsin.sqlite');
    const store = sqliteStore({ path });
    const note = { at: 0, open: 1, repaired: 0, unrepaired: ['inc-1'], stuck: [] };
    await store.setMeta('consistency check', JSON.stringify(note));
    await store.close();
    const findings = await examine(configOf({ responders: {}, channels: {} }), { store: path, clock: clock.url });
    expect(stateOf(findings, path)).toBe('failed: the consistency check could not repair 1 incident');
  });
});

describe('tocsin status', () => {
  it('tells how a running service is, and exits with 1 when it is not well', async () => {
    const cwd = project();
    const service = await serviceIn(cwd, { store: join(cwd, 'tocsin.sqlite') });
    const ask = (...args: string[]) => tocsin(['status', '--url', service.url, ...args], { cwd });
    const { ports } = service;
    const now = Date.now();
    const [ofMinute, ofHour] = [60, 3600].map((seconds) => Math.floor(now / (seconds * 1000)) * seconds * 1000) as [
      number,
      number,
    ];
    const sample = { metric: 'latency', value: 1, timestamp: ofMinute - 1000, labels: {} };
    await foldSamples(ports, 'sensor', [sample], 'samples', now);
    await foldPredictions(ports, 'churn', [predictionAt(ofHour - minute, { label: 1 })], 'predictions', now);
    await noteTick(ports, await evaluate(ports, now), { startedAt: now, endedAt: now });
    await noteVitals(ports, now);
    const well = await ask();
    expect(well.code).toBe(0);
    expect(well.out).toMatch(/ok {2}2 rules\nlast tick +\d.* ago\n.*last sweep[\s\S]*open incidents +0\n$/);

    const noted = [{ rule: 'slow', series: 2, of: 3, reason: 'it rests on 3 samples', since: now }];
    await writeNote(ports.store, undecidedNote, { rules: noted });
    expect((await ask()).out).toMatch(/\ninsufficient evidence: slow, 2 of 3 series: it rests on 3 samples\n/);
    expect(JSON.parse((await ask('--json')).out)).toMatchObject({
      insufficientEvidence: [{ rule: 'slow', affectedSeries: 2, totalSeries: 3, since: new Date(now).toISOString() }],
    });

    const ago = now - 10 * minute;
    await noteTick(ports, await evaluate(ports, now), { startedAt: ago, endedAt: ago });
    // Answers are kept for five seconds, so the service is asked anew by another one on the same
    // store.
    await service.close();
    const again = await serviceIn(cwd, { store: join(cwd, 'tocsin.sqlite') });
    const behind = await tocsin(['status', '--json', '--url', again.url], { cwd });
    expect(behind.code).toBe(1);
    expect(JSON.parse(behind.out)).toMatchObject({
      status: 'failing',
      openIncidents: 0,
      reasons: expect.arrayContaining([
        { kind: 'rules behind', text: expect.stringMatching(/the rules were last judged/), since: expect.any(String) },
      ]),
    });
    await again.close();
  });

  it('names rules that judge nothing, and exits with 1', async () => {
    const cwd = project();
    const service = await serviceIn(cwd, { store: join(cwd, 'tocsin.sqlite') });
    const now = Date.now();
    await noteTick(service.ports, await evaluate(service.ports, now), { startedAt: now, endedAt: now });
    const { code, out } = await tocsin(['status', '--url', service.url], { cwd });
    expect(code).toBe(1);
    expect(out).toMatch(
      /degraded {2}2 rules[\s\S]*\nnot well: slow judges nothing: source sensor has never had data for it, since 20.*Z\nnot well: accuracy /,
    );
    await service.close();
  });

  it('says so when nobody answers', async () => {
    const { code, err } = await tocsin(['status', '--url', 'http://127.0.0.1:9'], { cwd: project() });
    expect(code).toBe(1);
    expect(err).toMatch(/no Tocsin answers at http:\/\/127\.0\.0\.1:9/);
  });
});
