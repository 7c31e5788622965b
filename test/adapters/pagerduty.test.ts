import { afterEach, describe, expect, it } from 'vitest';
import { pagerdutyChannel } from '../../adapters/pagerduty/index.ts';
import { isActive } from '../../core/alerting/alerts/alert.ts';
import { takesEach } from '../../core/response/contacts/contact.ts';
import type { PagerdutyContact } from '../../core/response/contacts/kinds/pagerduty.ts';
import type { Page } from '../../core/response/paging/page.ts';
import { asIncidentId } from '../../core/vocabulary/ids.ts';
import { type Behaviour, channelContract } from '../contract/channel.ts';
import { exampleAlert, examplePage } from '../contract/example-page.ts';
import { type Answer, type StandIn, standIn } from '../contract/stand-in.ts';
import { siteOf } from '../http/site.ts';
import type { Part } from '../scenario/harness.ts';

const routingKey = 'R0UT1NGKEY0000000000000000000000';
const secrets = { get: async (name: string) => (name === 'PAGERDUTY_KEY' ? `${routingKey}\n` : undefined) };
const contact: PagerdutyContact = { kind: 'pagerduty', routingKey: 'PAGERDUTY_KEY', region: 'us' };

type Event = {
  routing_key: string;
  event_action: 'trigger' | 'acknowledge' | 'resolve';
  dedup_key: string;
  payload?: { summary: string; source: string; severity: string; custom_details: Record<string, unknown> };
  links?: { href: string; text: string }[];
  images?: { src: string; href: string; alt: string }[];
};

const json = (status: number, body: object, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});
const invalid = (...errors: string[]): Answer =>
  json(400, { status: 'invalid event', message: 'Event object is invalid', errors });

/** What PagerDuty documents of an event. */
function faultOf(event: Event, bytes: number): string | undefined {
  if (bytes > 512 * 1024) return 'Event size exceeds 512 kB';
  if (event.routing_key.length !== 32) return "Length of 'routing_key' is incorrect (should be 32 characters)";
  if (event.dedup_key.length > 255) return "'dedup_key' is longer than 255 characters";
  if (event.event_action !== 'trigger') return undefined;
  if (event.payload === undefined || event.payload.summary === '' || event.payload.summary.length > 1024)
    return "'payload.summary' is invalid";
  if (!['critical', 'error', 'warning', 'info'].includes(event.payload.severity)) return "'payload.severity' is invalid";
  return (event.images ?? []).every(({ src }) => src.startsWith('https:')) ? undefined : "'images' is invalid";
}

const toClose: StandIn[] = [];
afterEach(async () => {
  await Promise.all(toClose.splice(0).map((one) => one.close()));
});

async function service() {
  let behaviour: Behaviour = 'well';
  const taken: Event[] = [];
  const server = await standIn(({ method, path, body }) => {
    if (behaviour === 'cut') return 'cut';
    if (behaviour === 'dead') return invalid(`'routing_key' ${routingKey} is unknown`);
    if (behaviour !== 'well')
      return json(
        behaviour.status,
        { status: 'throttle exceeded' },
        behaviour.retryAfter ? { 'retry-after': behaviour.retryAfter } : {},
      );
    if (method !== 'POST' || path !== '/v2/enqueue') return json(404, {});
    const event = JSON.parse(body) as Event;
    const fault = faultOf(event, Buffer.byteLength(body));
    if (fault !== undefined) return invalid(fault);
    taken.push(event);
    return json(202, { status: 'success', message: 'Event processed', dedup_key: event.dedup_key });
  });
  return {
    server,
    taken,
    channel: pagerdutyChannel({ secrets, apiUrl: server.url }),
    behave: (next: Behaviour) => {
      behaviour = next;
    },
  };
}

channelContract(
  'PagerDuty',
  async () => {
    const { server, taken, channel, behave } = await service();
    return {
      channel,
      contact,
      behave,
      delivered: () => taken.map((event) => ({ text: JSON.stringify(event), key: String(event.payload?.custom_details['key']) })),
      close: server.close,
    };
  },
  { digests: false },
);

async function sent(over: Partial<Page> = {}) {
  const opened = await service();
  toClose.push(opened.server);
  const result = await opened.channel.send(contact, examplePage(over), 'inc-1#1#0');
  return { ...opened, result, actions: opened.taken.map(({ event_action }) => event_action) };
}

describe('an incident in PagerDuty', () => {
  it('begins with what, how bad, when, the links and the chart', async () => {
    const acknowledgeUrl = 'https://t.example/a/x';
    const chart = { url: 'https://t.example/c.png', isPublic: true, alt: 'accuracy fell' };
    const { taken } = await sent({ acknowledgeUrl, chart });
    expect(taken).toMatchObject([
      {
        event_action: 'trigger',
        dedup_key: 'http://127.0.0.1:4319/incidents/inc-0123456789',
        client: 'Tocsin',
        payload: {
          severity: 'critical',
          timestamp: '2026-01-05T08:00:30.000Z',
          component: 'flight-delays',
          class: 'performance',
        },
        images: [{ src: chart.url, alt: 'accuracy fell' }],
      },
    ]);
    expect(taken[0]?.payload?.summary).toMatch(/^Accuracy of flight delays .*: accuracy 0\.71 is 11\.3% below/);
    expect(taken[0]?.links?.map(({ href }) => href)).toEqual([
      'http://127.0.0.1:4319/incidents/inc-0123456789',
      'http://127.0.0.1:4319/runbooks/accuracy-drop',
      acknowledgeUrl,
    ]);
    expect((await sent({ severity: 'warn', chart: { ...chart, isPublic: false } })).taken[0]).toMatchObject({
      payload: { severity: 'warning' },
    });
  });

  it('is one for all pages of an incident, and another one for another', async () => {
    const { channel, taken } = await sent();
    await channel.send(contact, examplePage({ reason: 'reminder' }), 'inc-1#2#0');
    const other = { incidentId: asIncidentId('inc-2'), incidentUrl: 'http://127.0.0.1:4319/incidents/inc-2' };
    await channel.send(contact, examplePage(other), 'inc-2#1#0');
    expect(new Set(taken.map(({ dedup_key }) => dedup_key)).size).toBe(2);
    const long = await sent({ incidentUrl: `https://t.example/${'x'.repeat(400)}/incidents/inc-1` });
    expect(long.taken[0]?.dedup_key.length).toBeLessThanOrEqual(255);
  });

  it('follows who acknowledges and the end, whoever did it, and says nothing more of what still rings', async () => {
    const { channel, result, taken } = await sent();
    if (result.ref === undefined || channel.update === undefined) throw new Error('expected an incident that is kept in step');
    await channel.update(result.ref, examplePage({ alertCount: 3 }));
    await channel.update(result.ref, examplePage({ status: 'acknowledged' }));
    await channel.update(result.ref, examplePage({ status: 'resolved' }));
    expect(taken.map(({ event_action }) => event_action)).toEqual(['trigger', 'acknowledge', 'resolve']);
    expect(new Set(taken.map(({ dedup_key, routing_key }) => `${dedup_key} ${routing_key}`)).size).toBe(1);
  });

  it('that is over before it began there ends only, and one that is acknowledged begins acknowledged', async () => {
    expect((await sent({ status: 'resolved', reason: 'resolved' })).actions).toEqual(['resolve']);
    expect((await sent({ status: 'acknowledged', reason: 'told' })).actions).toEqual(['trigger', 'acknowledge']);
  });

  it('shows the key in no error, although PagerDuty repeats it, and says what to do', async () => {
    const { channel, behave } = await sent();
    behave('dead');
    const error: unknown = await channel.send(contact, examplePage(), 'k').catch((cause: unknown) => cause);
    expect(error).toMatchObject({ retryable: false, message: expect.stringMatching(/; it says: .*; check that PAGERDUTY_KEY/) });
    expect(String(error)).not.toContain(routingKey);
  });

  it('fits whatever labels and reasons hold', async () => {
    const long = 'ä"\\\n🛬'.repeat(50_000);
    const labels = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`${n}${long}`, long]));
    const alerts = Array.from({ length: 10 }, () => exampleAlert({ title: long, reason: long, labels }));
    expect((await sent({ alerts, title: long, why: long, groupLabels: labels })).actions).toEqual(['trigger']);
  });

  it('is left to itself by a server that hangs, or answers without end', async () => {
    for (const answer of [
      'hang',
      { status: 400, body: 'x'.repeat(300_000) },
      { status: 202, body: 'x'.repeat(300_000) },
    ] as const) {
      const server = await standIn(() => answer);
      toClose.push(server);
      const channel = pagerdutyChannel({ secrets, apiUrl: server.url, timeoutMs: 100 });
      const outcome = await channel.send(contact, examplePage(), 'k').catch((error: Error) => error);
      expect(JSON.stringify(outcome).length).toBeLessThan(1000);
      if (answer === 'hang') expect(outcome).toMatchObject({ retryable: true, timedOut: true });
    }
  });

  it('is a message of its own', () => expect(takesEach(contact)).toBe(true));
});

describe('the API of PagerDuty that Tocsin has itself', () => {
  const sources = {
    pd: { kind: 'alerts', category: 'performance', runbook: 'accuracy-drop', groupBy: ['dedup_key'] },
  } as Part['sources'];
  const ingestKeys = [{ name: 'other', secret: 'KEY', scope: ['alerts' as const, 'respond' as const], sources: ['pd'] }];
  const house = () =>
    siteOf({
      part: { sources, rules: {} },
      settings: { ingestKeys, resolveDelay: '0s', groupWait: '0s' },
      secrets: { KEY: routingKey },
    });
  const firing = async (site: ReturnType<typeof house>) =>
    (await site.ports.store.alerts()).filter((one) => isActive(one) && one.external !== undefined).length;

  it('takes what is sent, and each step after it', async () => {
    const site = house();
    const server = await standIn(async ({ path, body }) => {
      const answer = await site.post(path, JSON.parse(body) as object);
      return { status: answer.status, body: await answer.text() };
    });
    toClose.push(server);
    const channel = pagerdutyChannel({ secrets, apiUrl: server.url });
    const { ref } = await channel.send(contact, examplePage({ incidentUrl: 'https://other.example/incidents/inc-1' }), 'k');
    expect(await firing(site)).toBe(1);
    await site.story.pass('1m');
    if (ref === undefined) throw new Error('expected a reference');
    await channel.update?.(ref, examplePage({ status: 'acknowledged' }));
    expect((await site.story.incident()).status).toBe('acknowledged');
    await channel.update?.(ref, examplePage({ status: 'resolved' }));
    expect(await firing(site)).toBe(0);
  });

  it('refuses an event about an incident of its own, which would open one about each', async () => {
    const site = house();
    const { publicUrl } = site.ports.config.settings;
    const { taken } = await sent({ incidentUrl: `${publicUrl}/incidents/inc-1` });
    expect((await site.post('/v2/enqueue', taken[0] as object)).status).toBe(400);
    expect(await firing(site)).toBe(0);
  });
});
