import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { alertmanagerBody } from '../../adapters/webhook/alertmanager-format.ts';
import { webhookChannel } from '../../adapters/webhook/index.ts';
import { verifyBody } from '../../core/access/signing/sign.ts';
import { alertmanagerIntake } from '../../core/alerting/intakes/kinds/alertmanager.ts';
import { asFingerprint, asIncidentId } from '../../core/vocabulary/ids.ts';
import { type Behaviour, channelContract } from '../contract/channel.ts';
import { exampleAlert, examplePage } from '../contract/example-page.ts';
import { type Answer, standIn } from '../contract/stand-in.ts';
import { type Part, storyOf } from '../scenario/harness.ts';

const secrets = { get: async (name: string) => ({ HOOK_SECRET: 'hush', HOOK_TOKEN: 'a-token\n' })[name] };
const contact = (url: string) =>
  ({ kind: 'webhook', url, secret: 'HOOK_SECRET', bearer: 'HOOK_TOKEN', format: 'alertmanager' }) as const;

const folder = new URL('../fixtures/alertmanager/', import.meta.url);
const recordings = readdirSync(folder)
  .filter((name) => name.startsWith('webhook-') && name.endsWith('.body.json'))
  .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Sent);

type Contact = { sns: string } | { webhook: { url: string; secret: string; format: 'alertmanager' } };

type Sent = ReturnType<typeof alertmanagerBody>;

/**
 * The names of the fields, and what sort of value each has, one level below lists and with labels
 * left open.
 */
const shapeOf = ({ alerts, ...group }: Sent): object => {
  const sorts = (fields: object): [string, string][] =>
    Object.entries(fields)
      .map(([name, value]): [string, string] => [name, typeof value])
      .toSorted();
  return [sorts(group), alerts.map((alert) => sorts(alert))[0]];
};

channelContract(
  'a webhook of format alertmanager',
  async () => {
    let behaviour: Behaviour = 'well';
    const taken: { text: string; key: string | undefined }[] = [];
    const server = await standIn(({ headers, body }): Answer => {
      if (behaviour === 'cut') return 'cut';
      if (behaviour === 'dead') return { status: 404 };
      if (behaviour !== 'well')
        return { status: behaviour.status, ...(behaviour.retryAfter && { headers: { 'retry-after': behaviour.retryAfter } }) };
      const header = String(headers['tocsin-signature']);
      const signed = verifyBody({ secret: 'hush', header, body, nowSeconds: Date.now() / 1000 });
      if (!signed.ok || headers.authorization !== 'Bearer a-token') return { status: 401 };
      expect(shapeOf(JSON.parse(body) as Sent)).toEqual(shapeOf(recordings[0] as Sent));
      taken.push({ text: body, key: String(headers['tocsin-key']) });
      return {};
    });
    return {
      channel: webhookChannel({ secrets, publicUrl: 'https://t.example' }),
      contact: contact(`${server.url}/hook`),
      behave: (next) => {
        behaviour = next;
      },
      delivered: () => taken,
      close: server.close,
    };
  },
  { digests: false },
);

describe('a page as an Alertmanager would post it', () => {
  it('has the fields of the real one, in each that was recorded', () => {
    expect(recordings.length).toBeGreaterThan(3);
    for (const recorded of recordings)
      expect(shapeOf(alertmanagerBody(examplePage(), 'https://t.example'))).toEqual(shapeOf(recorded));
  });

  it('is read by a receiver as what it is: labels, severity, times and links', () => {
    const body = alertmanagerBody(examplePage(), 'https://t.example');
    expect(body).toMatchObject({ version: '4', status: 'firing', receiver: 'responder/ana', externalURL: 'https://t.example' });
    expect(body.alerts).toMatchObject([
      {
        status: 'firing',
        labels: { alertname: 'flight-accuracy', model: 'flight-delays', environment: 'production', severity: 'critical' },
        annotations: { summary: 'Accuracy of flight delays', runbook_url: 'http://127.0.0.1:4319/runbooks/accuracy-drop' },
        startsAt: '2026-01-05T08:00:30.000Z',
        endsAt: '0001-01-01T00:00:00Z',
        fingerprint: 'f1',
      },
    ]);
    const read = alertmanagerIntake.read(body, Date.UTC(2026, 0, 5, 9, 1));
    expect(JSON.stringify(read)).toContain('flight-accuracy');
  });

  it('leaves muted alerts out and counts what it does not show', () => {
    const alerts = [
      exampleAlert(),
      exampleAlert({
        fingerprint: asFingerprint('f2'),
        severity: 'warn',
        labels: { model: 'flight-delays', feature: 'carrier' },
      }),
      exampleAlert({ fingerprint: asFingerprint('f3'), state: 'muted' }),
      exampleAlert({ fingerprint: asFingerprint('f4'), state: 'resolved' }),
    ];
    const body = alertmanagerBody(examplePage({ alerts, alertCount: 20 }), '');
    expect(body.alerts.map(({ fingerprint, status }) => [fingerprint, status])).toEqual([
      ['f1', 'firing'],
      ['f2', 'firing'],
      ['f4', 'resolved'],
    ]);
    expect(body.truncatedAlerts).toBe(16);
    expect(body.commonLabels).toEqual({ alertname: 'flight-accuracy', model: 'flight-delays' });
    expect(body.alerts[1]?.labels['severity']).toBe('warning');
  });

  it('of a resolved incident is resolved, and so is each alert, whoever resolved it', () => {
    const body = alertmanagerBody(examplePage({ status: 'resolved', reason: 'resolved' }), '');
    expect([body.status, body.alerts[0]?.status, body.alerts[0]?.endsAt]).toEqual([
      'resolved',
      'resolved',
      '2026-01-05T09:00:30.000Z',
    ]);
  });

  it('has the group of its incident at each page, and of no other', () => {
    const keyOf = (over: Parameters<typeof examplePage>[0]) => alertmanagerBody(examplePage(over), '').groupKey;
    expect(keyOf({})).toBe(keyOf({ status: 'resolved', title: 'another', alerts: [] }));
    expect(keyOf({})).not.toBe(keyOf({ incidentId: asIncidentId('inc-2') }));
  });
});

describe('a receiver that keeps track of incidents', () => {
  const models = ['a', 'b', 'c'];
  const paged = async (contact: Contact) => {
    const responders = { ana: { name: 'Ana', contacts: [contact] } };
    const policies = { duty: { tiers: [{ targets: [{ responder: 'ana' }], ackWithin: '6h' }], fallback: { responder: 'ana' } } };
    const story = storyOf({ responders, policies, settings: { groupBy: ['model'], pageInterval: '10m' } } as Part);
    for (const model of models) await story.value('latency', 'critical', { model });
    await story.pass('2m');
    for (const incident of await story.incidents()) await story.press('resolve', 'responder/ana', incident.id);
    await story.pass('20m');
    const { rung } = story.phones;
    return {
      own: rung.map(({ page }) => page.reason),
      held: rung.flatMap(({ page }) => page.held).length,
    };
  };

  it('gets each incident in a message of its own and at once, and the end of each', async () => {
    const contact: Contact = { webhook: { url: 'https://am.test/x', secret: 'HOOK_SECRET', format: 'alertmanager' } };
    expect(await paged(contact)).toEqual({ own: [...models.map(() => 'triggered'), ...models.map(() => 'resolved')], held: 0 });
  });

  it('differs in that from people, who get together what comes close together', async () => {
    expect((await paged({ sns: 'ana' })).held).toBeGreaterThan(0);
  });
});
