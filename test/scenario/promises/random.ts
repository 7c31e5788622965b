import * as fc from 'fast-check';
import { ingestAlerts } from '../../../app/ingest/ingest-alerts.ts';
import type { Response } from '../../../core/response/incidents/respond.ts';
import { type Level, minute, type Part, ruleOn } from '../harness.ts';
import type { Manner } from '../outside.ts';
import { type Recorded, recordedStory, type StoryRecord } from './record.ts';
import { ms } from './truth.ts';

const people = ['ana', 'ben', 'lea', 'max'] as const;
/** The last two are shared by several people. */
const contacts = ['sns:ana', 'sns:ben', 'sns:lea', 'sns:max', 'slack:#ana', 'slack:#ben', 'sns:pager', 'slack:#team', 'sns:room'];
const metrics = ['latency', 'nulls', 'errors'] as const;
const rules = ['slow', 'nulls', 'errors'] as const;
const hosts = ['a', 'b'] as const;
const times = ['10s', '45s', '1m', '2m', '4m', '7m', '11m', '20m', '35m'] as const;

type Flapping = NonNullable<NonNullable<Part['settings']>['flapping']>;
const contactOf = (key: string) => (key.startsWith('slack:') ? { slack: key.slice(6) } : { sns: key.slice(4) });

const target = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...people).map((responder) => ({ responder })) },
  { weight: 1, arbitrary: fc.constantFrom('ml', 'leads').map((schedule) => ({ schedule })) },
);
const policy = fc.record(
  {
    tiers: fc.array(
      fc.record({
        targets: fc.uniqueArray(target, { minLength: 1, maxLength: 2, selector: (one) => JSON.stringify(one) }),
        ackWithin: fc.constantFrom('5m', '10m', '15m', '40m', '90m'),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    repeat: fc.constantFrom(0, 0, 1, 3),
    fallback: fc.constant({ channel: 'room' }),
    ackTimeout: fc.constantFrom('20m', '1h', '4h'),
  },
  { requiredKeys: ['tiers', 'repeat', 'ackTimeout'] },
);
const methods = (name: string): fc.Arbitrary<{ name: string; contacts: ReturnType<typeof contactOf>[] }> =>
  fc.subarray([`slack:#${name === 'ana' || name === 'ben' ? name : 'team'}`, 'sns:pager'], { maxLength: 2 }).map((more) => ({
    name,
    contacts: [`sns:${name}`, ...more].map(contactOf),
  }));

const prom = { kind: 'alerts', category: 'availability', runbook: 'latency-spike', labels: { model: 'm' } } as const;
const elsewhere = { name: 'elsewhere', match: { host: 'b' }, policy: 'data' };
const quiet = { name: 'quiet', match: { host: 'b' }, pages: 'nobody' as const, tell: [{ responder: 'max' }] };
const told = { name: 'told', match: { rule: 'nulls' }, tell: [{ responder: 'lea' }], continue: true };
const routings: Record<'none' | 'policy' | 'nobody' | 'told' | 'all', NonNullable<Part['routes']>> = {
  none: [],
  policy: [elsewhere],
  nobody: [quiet],
  told: [told],
  all: [told, { ...quiet, match: { rule: 'errors' } }, elsewhere],
};

/** How Tocsin is set up in a story. */
const setup: fc.Arbitrary<Part> = fc
  .record({
    settings: fc.record({
      groupBy: fc.constantFrom<string[]>(['model'], ['model'], ['rule'], ['host']),
      groupWait: fc.constantFrom('0s', '30s', '5m'),
      groupInterval: fc.constantFrom('1m', '5m'),
      resolveDelay: fc.constantFrom('0s', '1m', '5m', '20m'),
      reopenWindow: fc.constantFrom('0s', '20m', '2h'),
      pageInterval: fc.constantFrom('0s', '1m', '1m'),
      flapping: fc.constantFrom<Flapping>('off', {}, { changes: 2 }, { changes: 2, within: '4h', quiet: '20m' }),
    }),
    policies: fc.record({ duty: policy, data: policy }),
    responders: fc.record({ ana: methods('ana'), ben: methods('ben'), lea: methods('lea'), max: methods('max') }),
    inhibited: fc.boolean(),
    timed: fc.constantFrom(undefined, undefined, 'slow', 'nulls'),
    dataCritical: fc.boolean(),
    routed: fc.constantFrom<keyof typeof routings>('none', 'none', 'policy', 'nobody', 'told', 'all'),
  })
  .map(({ settings, policies, responders, inhibited, timed, dataCritical, routed }) => ({
    settings,
    policies,
    responders,
    sources: { pushed: { kind: 'samples' as const, labels: { environment: 'live' } }, prom },
    routes: routings[routed],
    rules: {
      slow: ruleOn('latency'),
      nulls: ruleOn('nulls', { category: 'data-quality' }),
      errors: ruleOn('errors', { category: 'availability' }),
    },
    schedules: {
      ml: { timezone: 'UTC', start: '2026-01-04T11:00', rotation: 'daily', responders: ['ana', 'ben'] },
      leads: { timezone: 'UTC', start: '2026-01-05T09:00', rotation: 'weekly', responders: ['lea'] },
    },
    matrix: {
      default: { warn: { policy: 'duty' }, critical: { policy: 'duty' } },
      'data-quality': { [dataCritical ? 'critical' : 'warn']: { policy: 'data' } },
    },
    ...(inhibited && {
      inhibitions: [{ name: 'cause', source: { rule: 'errors' }, target: { rule: 'slow' }, equal: ['host'] }],
    }),
    ...(timed !== undefined && {
      muteTimings: { known: { timezone: 'UTC', match: { rule: timed }, windows: [{ from: '09:20', to: '10:10' }] } },
    }),
  }));

type Step =
  | { do: 'value'; metric: (typeof metrics)[number]; level: Level; host: string }
  | { do: 'pass'; time: string }
  | { do: 'flap'; metric: (typeof metrics)[number]; levels: [Level, Level]; host: string; times: number; every: string }
  | { do: 'post'; severity: 'info' | 'warning' | 'critical'; host: string; over: boolean }
  | { do: 'press'; response: Response; which: number; force: boolean }
  | { do: 'silence'; match: Record<string, string>; time: string }
  | { do: 'end silences' }
  | { do: 'phone'; contact: string; manner: Manner }
  | { do: 'everybody'; manner: Manner }
  | { do: 'down'; time: string }
  | { do: 'override'; schedule: string; assignee: string; time: string };

const manner = fc.constantFrom<Manner>(
  'rings',
  'rings',
  'dead',
  'hangs',
  { busyForMs: 20_000 },
  { busyForMs: 5 * minute },
  { busyForMs: 180 * minute },
);
const value = fc.record({
  do: fc.constant('value' as const),
  metric: fc.constantFrom(...metrics),
  level: fc.constantFrom<Level>('ok', 'warn', 'critical', 'critical'),
  host: fc.constantFrom(...hosts),
});
const pass = fc.record({ do: fc.constant('pass' as const), time: fc.constantFrom<string>(...times, '70m', '2h') });
const match = fc.oneof(
  fc.constantFrom(...rules).map((rule) => ({ rule })),
  fc.constantFrom(...hosts).map((host) => ({ host })),
  fc.constant({ model: 'm' }),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: value },
  { weight: 11, arbitrary: pass },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('post' as const),
      severity: fc.constantFrom('info' as const, 'info' as const, 'warning' as const, 'critical' as const),
      host: fc.constantFrom(...hosts),
      over: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('flap' as const),
      metric: fc.constantFrom(...metrics),
      levels: fc.constantFrom<[Level, Level]>(['critical', 'ok'], ['warn', 'ok'], ['critical', 'warn']),
      host: fc.constantFrom(...hosts),
      times: fc.integer({ min: 2, max: 4 }),
      every: fc.constantFrom('1m', '2m', '6m'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('press' as const),
      response: fc.constantFrom<Response>('acknowledge', 'acknowledge', 'escalate', 'resolve'),
      which: fc.nat(2),
      force: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('silence' as const), match, time: fc.constantFrom('5m', '18m', '1h', '3h') }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'end silences' as const }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('phone' as const), contact: fc.constantFrom(...contacts), manner }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('everybody' as const), manner }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('down' as const), time: fc.constantFrom('3m', '25m', '2h') }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('override' as const),
      schedule: fc.constantFrom('ml', 'leads'),
      assignee: fc.constantFrom(...people),
      time: fc.constantFrom('10m', '2h'),
    }),
  },
);

export type RandomStory = { setup: Part; beginning: Step[]; rest: Step[]; outlasts: boolean };

/** Most begin badly: phones that do not ring, and something critical. */
export const randomStory: fc.Arbitrary<RandomStory> = fc.record({
  setup,
  beginning: fc.subarray<Step>([
    { do: 'everybody', manner: 'hangs' },
    { do: 'phone', contact: 'sns:ana', manner: 'rings' },
    { do: 'phone', contact: 'sns:ben', manner: 'dead' },
    { do: 'value', metric: 'latency', level: 'critical', host: 'a' },
    { do: 'pass', time: '2m' },
  ]),
  rest: fc.array(step, { minLength: 4, maxLength: 22 }),
  outlasts: fc.nat(3).map((n) => n === 3),
});

/** An alert of another system, which fires until it is posted as over. */
async function post({ story }: Recorded, severity: string, host: string, over: boolean): Promise<void> {
  const now = story.clock.now();
  const endsAt = new Date(now + (over ? 0 : 2880 * minute)).toISOString();
  const text = JSON.stringify([{ labels: { alertname: 'Down', severity, host }, startsAt: new Date(now).toISOString(), endsAt }]);
  await ingestAlerts(story.ports, 'prom', { contentType: 'application/json', text }, now);
}

async function act(told: Recorded, one: Step): Promise<void> {
  const { story } = told;
  switch (one.do) {
    case 'value':
      return story.value(one.metric, one.level, { model: 'm', host: one.host });
    case 'flap':
      for (let n = 0; n < one.times; n += 1) {
        for (const level of one.levels) {
          await story.value(one.metric, level, { model: 'm', host: one.host });
          await story.pass(one.every);
        }
      }
      return;
    case 'post':
      return post(told, one.severity, one.host, one.over);
    case 'pass':
      return story.pass(one.time);
    case 'press': {
      const all = await story.incidents();
      const incident = all[one.which % Math.max(all.length, 1)];
      if (incident !== undefined) await told.press(one.response, { incident: incident.id, force: one.force });
      return;
    }
    case 'silence':
      return told.silence(one.match, one.time);
    case 'end silences':
      return told.endSilences();
    case 'phone':
      return told.phone(one.contact, one.manner);
    case 'everybody':
      for (const contact of contacts) told.phone(contact, one.manner);
      return;
    case 'down':
      return told.down(one.time);
    case 'override':
      return told.override(one.schedule, one.assignee, one.time);
  }
}

/**
 * Plays a story to its end, at which everything is well, every phone rings, and nothing is left to
 * send.
 */
export async function play({ setup, beginning, rest, outlasts }: RandomStory): Promise<StoryRecord> {
  const told = recordedStory(setup);
  const { story } = told;
  try {
    for (const one of [...beginning, ...rest]) await act(told, one);
    for (const contact of contacts) told.phone(contact, 'rings');
    if (outlasts) await story.pass('4h');
    await story.pass('1m');
    for (const metric of metrics) for (const host of hosts) await story.value(metric, 'ok', { model: 'm', host });
    for (const severity of ['info', 'warning', 'critical']) for (const host of hosts) await post(told, severity, host, true);
    const delay = ms(String(setup.settings?.resolveDelay ?? '5m'));
    const flapping = setup.settings?.flapping;
    const quiet = typeof flapping === 'object' ? ms(flapping.quiet ?? '30m') : 0;
    // A phone that is busy for five minutes is asked again, and then hears of the end.
    await story.pass(`${Math.ceil(Math.max(delay, quiet) / minute) + 8}m`);
    // A phone that has asked to be left alone is asked when it said.
    if (rest.some((one) => 'manner' in one && typeof one.manner === 'object' && one.manner.busyForMs > 10 * minute))
      await story.pass('4h');
    return told.record();
  } finally {
    await story.store.close();
  }
}
