import * as fc from 'fast-check';
import { expect } from 'vitest';
import { checkConsistency } from '../../app/selfcheck/consistency-check.ts';
import { targetText } from '../../core/response/escalation/page-target.ts';
import type { Incident } from '../../core/response/incidents/incident.ts';
import { type Response, responses } from '../../core/response/incidents/respond.ts';
import { asIncidentId } from '../../core/vocabulary/ids.ts';
import { type Level, minute, type Part, ruleOn, type Story, storyOf } from './harness.ts';

const tier = (responder: string) => ({ targets: [{ responder }], ackWithin: '10m' });
const cell = (policy: string) => ({ warn: { policy }, critical: { policy } });

/** Data, a feature, two models and a service, in two environments, paged by three policies. */
const part: Part = {
  settings: { reopenWindow: '20m', groupWait: '30s', pageInterval: '0s' },
  sources: { pushed: { kind: 'samples' } },
  rules: {
    late: ruleOn('late', { category: 'data-quality' }),
    wrong: ruleOn('wrong', { category: 'performance', rollback: 'model' }),
    failing: ruleOn('failing', { category: 'availability' }),
  },
  policies: {
    data: { tiers: [tier('ana')], repeat: 1, fallback: { channel: 'room' }, ackTimeout: '1h' },
    models: { tiers: [tier('ben'), tier('lea')], fallback: { channel: 'room' }, ackTimeout: '1h' },
    shop: { tiers: [tier('max')], fallback: { channel: 'room' }, ackTimeout: '1h' },
  },
  matrix: { 'data-quality': cell('data'), availability: cell('shop'), default: cell('models') },
  deployments: { model: { hook: { webhook: { url: 'https://hook.test', secret: 'HOOK' } } } },
  rollbacks: { model: { deployment: 'model', automatic: true, verify: '10m', cooldown: '30m' } },
  dependencies: {
    orders: { kind: 'data', match: { dataset: 'orders' } },
    churn: { kind: 'model', match: { model: 'churn' }, dependsOn: ['orders'] },
    fraud: { kind: 'model', match: { model: 'fraud' }, dependsOn: ['orders'] },
    checkout: { kind: 'service', match: { service: 'checkout' }, dependsOn: ['churn'] },
  },
};

const things: { metric: string; labels: Record<string, string> }[] = [
  { metric: 'late', labels: { dataset: 'orders', environment: 'live' } },
  { metric: 'late', labels: { dataset: 'orders', environment: 'staging' } },
  { metric: 'late', labels: { model: 'churn', feature: 'age', environment: 'live' } },
  { metric: 'wrong', labels: { model: 'churn', environment: 'live' } },
  { metric: 'wrong', labels: { model: 'fraud', environment: 'live' } },
  { metric: 'failing', labels: { service: 'checkout', environment: 'live' } },
];

type Step =
  | { do: 'value'; thing: number; level: Level }
  | { do: 'pass'; time: string }
  | { do: 'press'; response: Response; which: number }
  | { do: 'silence'; rule: string; time: string };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('value' as const),
      thing: fc.nat(things.length - 1),
      level: fc.constantFrom<Level>('ok', 'ok', 'warn', 'critical', 'critical'),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      time: fc.constantFrom('10s', '1m', '2m', '6m', '12m', '35m', '70m'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('press' as const),
      response: fc.constantFrom(...responses),
      which: fc.nat(3),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('silence' as const),
      rule: fc.constantFrom('late', 'wrong'),
      time: fc.constantFrom('5m', '30m'),
    }),
  },
);

async function act(story: Story, one: Step): Promise<void> {
  switch (one.do) {
    case 'value': {
      const { metric, labels } = things[one.thing] ?? { metric: 'late', labels: {} };
      return story.value(metric, one.level, labels);
    }
    case 'pass':
      return story.pass(one.time);
    case 'press': {
      const all = await story.incidents();
      const incident = all[one.which % Math.max(1, all.length)];
      if (incident !== undefined) await story.press(one.response, 'responder/ana', incident.id);
      return;
    }
    case 'silence':
      return story.silence({ rule: one.rule }, one.time);
  }
}

const environments = ({ alerts }: Incident): Set<string | undefined> =>
  new Set(alerts.map(({ labels }) => labels['environment']));

/** What holds of all incidents at any time. */
async function expectSound(story: Story): Promise<void> {
  const all = await story.incidents();
  const alerts = await story.store.alerts();
  for (const incident of all) {
    const { id, counts, status, deadlines, causes = [], related = [] } = incident;
    expect(environments(incident).size).toBeLessThanOrEqual(1);
    for (const cause of causes) expect(incident.alerts.map(({ fingerprint }) => fingerprint)).toContain(cause.fingerprint);
    for (const other of related) expect(other.id).not.toBe(id);
    if (status === 'resolved') continue;
    const joined = alerts.flatMap((alert) => (alert.joined?.incidentId === id ? [alert.joined] : []));
    const firing = joined.filter(({ state }) => state === 'firing');
    expect(counts).toMatchObject({
      critical: firing.filter(({ severity }) => severity === 'critical').length,
      warn: firing.filter(({ severity }) => severity === 'warn').length,
      muted: joined.filter(({ state }) => state === 'muted').length,
    });
    const active = counts.critical + counts.warn;
    if (status === 'waiting' && active > 0) expect(deadlines.groupWait).toBeDefined();
    if (status === 'triggered' && active > 0 && !incident.escalation.fallback)
      expect(deadlines.acknowledge ?? deadlines.joined).toBeDefined();
    if (status === 'acknowledged') expect(deadlines.ackTimeout).toBeDefined();
  }
  // Every alert that fires is in an incident that is open, or that a person has just resolved, and
  // its group leads there.
  for (const alert of alerts) {
    if (alert.state !== 'firing' && alert.state !== 'recovering') continue;
    const incident = await story.store.incident(asIncidentId(alert.joined?.incidentId ?? ''));
    expect(incident).toBeDefined();
    const latest = await story.store.incidentOfGroup(alert.groupKey);
    if (incident?.status !== 'resolved') expect(latest?.id).toBe(incident?.id);
  }
}

/**
 * Of an alert of another group that alone fires in its incident, those whom the matrix names for it
 * have been paged. Alerts of one group share the policy that their incident came under, whatever
 * their categories.
 */
async function expectOwnPeoplePaged(story: Story): Promise<void> {
  const own: Record<string, string[]> = {
    late: ['responder/ana'],
    wrong: ['responder/ben', 'responder/lea'],
    failing: ['responder/max'],
  };
  for (const alert of await story.store.alerts()) {
    if (alert.joined?.state !== 'firing') continue;
    const incident = await story.store.incident(alert.joined.incidentId);
    if (incident === undefined || incident.status !== 'triggered' || incident.deadlines.joined !== undefined) continue;
    if (incident.groupKey === alert.groupKey) continue;
    const targets = [...(own[alert.ruleId] ?? []), 'channel/room'];
    const paged = incident.pagedContacts.map(({ target }) => targetText(target));
    const isAlone = !incident.alerts.some((brief) => brief.state === 'firing' && brief.fingerprint !== alert.fingerprint);
    if (isAlone) expect(targets.some((target) => paged.includes(target))).toBe(true);
  }
}

/**
 * Counts are exact, environments stay apart, groups lead to their incidents, and all of it comes to
 * an end.
 */
export async function whateverCorrelates(numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 25 }), async (steps) => {
      const story = storyOf(part);
      for (const one of steps) {
        await act(story, one);
        if (one.do === 'pass') await expectSound(story);
      }
      await story.pass('2m');
      await expectSound(story);
      await expectOwnPeoplePaged(story);
      await story.pass('5m');
      expect(await checkConsistency(story.ports, story.clock.now())).toMatchObject({ repaired: 0, unrepaired: [], stuck: [] });
      for (const { metric, labels } of things) await story.value(metric, 'ok', labels);
      await story.pass('50m');
      expect((await story.incidents()).filter(({ status }) => status !== 'resolved')).toEqual([]);
      expect(
        (await story.store.dueEffects(story.clock.now() + 600 * minute, 10)).filter(({ effect }) => effect.kind !== 'timer'),
      ).toEqual([]);
      expect(story.logged.filter((line) => line.startsWith('error'))).toEqual([]);
      await story.store.close();
    }),
    {
      numRuns,
      // What was silenced opened the incident, and is no reason to page its people about what is
      // not.
      examples: [
        [
          [
            { do: 'silence', rule: 'late', time: '5m' },
            { do: 'value', thing: 2, level: 'critical' },
            { do: 'pass', time: '2m' },
            { do: 'value', thing: 3, level: 'critical' },
            { do: 'pass', time: '10s' },
          ],
        ],
      ],
    },
  );
}
