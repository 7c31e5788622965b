import { slackChannel } from '../../adapters/slack/index.ts';
import { newInFlight } from '../../app/in-flight.ts';
import { foldSamples } from '../../app/ingest/ingest.ts';
import { type Channel, everyChannel } from '../../app/ports/channel.ts';
import type { Ports } from '../../app/ports/ports.ts';
import { everySource } from '../../app/ports/source.ts';
import type { Store } from '../../app/ports/store.ts';
import { samplesSource } from '../../app/sources/stored-sources.ts';
import { configSchema } from '../../core/config/schema.ts';
import { virtualClock } from '../../local/clock.ts';
import { type VirtualEvent, virtualRun } from '../../local/run/virtual-run.ts';
import { sqliteStore } from '../../stores/sqlite/index.ts';
import { type Answer, standIn } from '../../test/contract/stand-in.ts';
import { randomFrom } from '../nab/random.ts';
import { mustBe, mustBeUnder, type Row } from './result.ts';

const minute = 60_000;
const start = Date.UTC(2026, 0, 5, 9);
const outage = { from: start + minute, to: start + 11 * minute };
const troubles = 40;
/** Tier 2 would be paged then. */
const ackWithinMs = 5 * minute;

type Manner = '429' | '500' | 'hang' | 'cut' | 'all in turn';
const manners: Manner[] = ['429', '500', 'hang', 'cut', 'all in turn'];

/**
 * Ten minutes of Slack's trouble on a virtual clock, over real HTTP to a stand-in; one new incident
 * every fifteen seconds. The same then with a store of which a third of all commits is lost to
 * others and a tenth fails.
 */
export async function targets({ seed }: { seed: number }): Promise<Row[]> {
  const rows: Row[] = [];
  for (const manner of manners) rows.push(...(await slackInTrouble(manner, (store) => store)));
  const random = randomFrom(seed);
  rows.push(...(await slackInTrouble('all in turn', (store) => disturbed(store, random), ', store disturbed')));
  return rows;
}

function disturbed(store: Store, random: () => number): Store {
  return {
    ...store,
    async commit(commit) {
      const luck = random();
      if (luck < 0.1) throw new Error('ProvisionedThroughputExceededException (made up)');
      return luck < 0.43 ? 'conflict' : store.commit(commit);
    },
  };
}

type Message = { key: string; text: string; repeats: number };

async function slackInTrouble(manner: Manner, wrap: (store: Store) => Store, also = ''): Promise<Row[]> {
  const clock = virtualClock(start);
  const messages = new Map<string, Message>();
  let asked = 0;
  let refused = 0;
  const slack = await standIn(({ path, body }) => {
    asked += 1;
    if (clock.now() >= outage.from && clock.now() < outage.to) {
      refused += 1;
      return troubleOf(manner === 'all in turn' ? (manners[refused % 4] ?? '500') : manner);
    }
    return answerOf(messages, path, new URLSearchParams(body), asked);
  });
  const store = sqliteStore({ path: ':memory:' });
  const byPhone: { at: number; incident: string; reason: string }[] = [];
  const phone: Channel = {
    async send(_contact, page) {
      byPhone.push({ at: clock.now(), incident: page.incidentId, reason: page.reason });
      return {};
    },
  };
  try {
    const ports = portsOf(wrap(store), slackChannel({ token: async () => 'a-token', apiUrl: slack.url, timeoutMs: 100 }), phone);
    const events = eventsOf(ports, clock.now);
    await virtualRun({ ports, clock, events, until: start + 40 * minute });
    const incidents = await store.incidents({ status: 'all', limit: 1000 });
    const waits = incidents.flatMap(({ id, openedAt }) => {
      const rung = byPhone.filter(({ incident, reason }) => incident === id && reason === 'triggered');
      const during = openedAt >= outage.from - minute && openedAt < outage.to - minute;
      return during ? [(rung[0]?.at ?? Number.POSITIVE_INFINITY) - openedAt] : [];
    });
    const repeats = [...messages.values()].reduce((sum, message) => sum + message.repeats, 0);
    const current = [...messages.values()].filter(({ text }) => /resolved/i.test(text)).length;
    const left = (await store.dueEffects(Number.MAX_SAFE_INTEGER, 1000)).filter(({ effect }) => effect.kind !== 'timer');
    const slowest = Math.max(...waits);
    const name = `Slack: ${manner}${also}`;
    return [
      { name: `${name}: calls refused`, value: `${refused} of ${asked}` },
      mustBe(`${name}: incidents, all resolved`, incidents.filter(({ status }) => status === 'resolved').length, troubles),
      mustBeUnder(`${name}: slowest page by the other method`, slowest / 1000, ackWithinMs / 1000, 's'),
      mustBe(`${name}: messages that do not say resolved once Slack is back`, messages.size - current, 0),
      mustBe(`${name}: incidents with a message`, messages.size, troubles),
      { name: `${name}: posts repeated under the same key`, value: String(repeats) },
      mustBe(`${name}: effects left`, left.length, 0),
    ];
  } finally {
    await slack.close();
    await store.close();
  }
}

function troubleOf(manner: Manner): Answer {
  if (manner === 'cut' || manner === 'hang') return manner;
  return manner === '429' ? { status: 429, headers: { 'Retry-After': '30' } } : { status: 500, body: 'Internal Server Error' };
}

/** What Slack does with a message: posted, it gets a time stamp; updated, it reads otherwise. */
function answerOf(messages: Map<string, Message>, path: string, form: URLSearchParams, n: number): Answer {
  const text = `${form.get('text') ?? ''} ${form.get('blocks') ?? ''}`;
  const json = (value: unknown): Answer => ({ headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(value) });
  if (path.endsWith('chat.update')) {
    const known = messages.get(form.get('ts') ?? '');
    if (known === undefined) return json({ ok: false, error: 'message_not_found' });
    known.text = text;
    return json({ ok: true, ts: form.get('ts'), channel: form.get('channel') });
  }
  const key = form.get('client_msg_id') ?? '';
  const [before, first] = [...messages].find(([, message]) => message.key === key) ?? [];
  if (first !== undefined) {
    // A repeat is answered with the message that it repeats, as Slack does.
    first.repeats += 1;
    return json({ ok: true, ts: before, channel: form.get('channel') });
  }
  const ts = `1700000000.${String(n).padStart(6, '0')}`;
  messages.set(ts, { key, text, repeats: 0 });
  return json({ ok: true, ts, channel: form.get('channel') });
}

function eventsOf(ports: Ports, now: () => number): VirtualEvent[] {
  const every = (outage.to - outage.from) / troubles;
  let batch = 0;
  const eventOf = (at: number, model: string, value: number): VirtualEvent => ({
    at,
    async run() {
      const sample = { metric: 'latency', value, timestamp: at, labels: { model } };
      await foldSamples(ports, 'sensor', [sample], `batch ${batch++}`, now());
    },
  });
  const events: VirtualEvent[] = [];
  for (let n = 0; n < troubles; n += 1) {
    const begins = outage.from - minute + n * every;
    // Long enough for a page to go out, and past the end of the outage for those that began late in
    // it.
    for (let at = begins; at < begins + 20 * minute; at += minute) events.push(eventOf(at, `m-${n}`, 1000));
    for (let at = begins + 20 * minute; at < start + 38 * minute; at += minute) events.push(eventOf(at, `m-${n}`, 1));
  }
  return events.sort((a, b) => a.at - b.at);
}

function portsOf(store: Store, slack: Channel<'slack'>, phone: Channel): Ports {
  const unused = {} as never;
  const source = { query: () => Promise.reject(new Error('this source is no part of the harness')) };
  return {
    inFlight: newInFlight(),
    config: configSchema.parse({
      settings: {
        pageInterval: '0s',
        groupBy: ['model'],
        resolveDelay: '0s',
        slack: { token: 'SLACK', signingSecret: 'SIGNING' },
      },
      sources: { sensor: { kind: 'samples' } },
      rules: {
        slow: {
          source: 'sensor',
          query: { samples: { metric: 'latency' } },
          category: 'latency',
          threshold: { above: { critical: 200 } },
          runbook: 'latency-spike',
        },
      },
      responders: { ana: { name: 'Ana', contacts: [{ slack: 'C1' }, { sns: 'phone' }] } },
      policies: { duty: { tiers: [{ targets: [{ responder: 'ana' }], ackWithin: '5m' }] } },
      matrix: { default: { warn: { policy: 'duty' }, critical: { policy: 'duty' } } },
    }),
    store,
    sources: { ...everySource(source), samples: samplesSource(store) },
    channels: { ...everyChannel(phone), slack },
    hooks: unused,
    secrets: { get: async () => undefined },
    log: () => {},
    observe: () => {},
  };
}
