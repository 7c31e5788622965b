import { describe, expect, it } from 'vitest';
import { evaluate } from '../../app/evaluate/evaluate.ts';
import { foldPredictions } from '../../app/ingest/ingest.ts';
import { trainingsOverview } from '../../app/ingest/serve.ts';
import { type AcceptRequest, acceptBaseline } from '../../app/respond/accept.ts';
import { normal, randomOf } from '../../bench/random.ts';
import type { Role } from '../../core/access/roles.ts';
import type { ConfigInput } from '../../core/config/schema.ts';
import { asIncidentId, asRuleId } from '../../core/vocabulary/ids.ts';
import { day, hour, predictionAt, type Runtime, runtimeOf } from './runtime.ts';

type RuleInput = NonNullable<ConfigInput['rules']>[string];
/** A Monday, 00:00 UTC, where days of profiles begin. */
const t0 = Date.UTC(2026, 0, 5);

const runWith = (baseline: object, more: Partial<RuleInput> = {}): Runtime =>
  runtimeOf({
    sources: { shop: { kind: 'predictions', model: 'prices', features: ['price', 'size'], profiles: true, retain: '90d' } },
    rules: {
      moved: {
        source: 'shop',
        query: { predictions: { metric: 'drift', over: '1d' } },
        step: '1d',
        category: 'drift',
        drift: { baseline } as RuleInput['drift'],
        runbook: 'a',
        ...more,
      },
      low: {
        source: 'shop',
        query: { predictions: { metric: 'count', over: '1h' } },
        category: 'pipeline',
        threshold: { below: { critical: 1 } },
        runbook: 'a',
      },
    },
  });
const between = { between: { from: '2026-01-05', to: '2026-01-12' } };

/**
 * Days of 300 predictions each, judged at their ends; prices and sizes are `shift` standard
 * deviations up.
 */
async function live(run: Runtime, from: number, to: number, shift: number): Promise<void> {
  const random = randomOf(from + 1);
  for (let n = from; n < to; n += 1) {
    const records = Array.from({ length: 300 }, (_, i) => ({
      ...predictionAt(t0 + n * day + (i % 24) * hour),
      features: { price: 100 + 10 * (normal(random) + shift), size: normal(random) + shift },
    }));
    await foldPredictions(run.ports, 'shop', records, `${n}`, t0 + (n + 1) * day);
    await evaluate(run.ports, t0 + (n + 1) * day);
  }
}
const firing = async ({ ports }: Runtime) =>
  (await ports.store.alerts())
    .filter(({ state, ruleId }) => state === 'firing' && ruleId === 'moved')
    .map(({ labels }) => labels['feature']);
const accept = (run: Runtime, request: Partial<AcceptRequest> = {}, now = t0 + 14 * day, role: Role = 'responder') =>
  acceptBaseline(
    run.ports,
    { rule: asRuleId('moved'), match: {}, comment: 'a new supplier', actor: 'cli:ana', role, ...request },
    now,
  );

describe('accepting a baseline', () => {
  it('ends the alerts, makes what the features are like now their normal, and what differs from that drift', async () => {
    const run = runWith(between);
    await live(run, 0, 10, 0);
    expect(await firing(run)).toEqual([]);
    await live(run, 10, 14, 1);
    expect((await firing(run)).sort()).toEqual(['price', 'size']);
    const result = await accept(run);
    expect(result).toMatchObject({ ok: true, accepted: [{ from: t0 + 10 * day, to: t0 + 14 * day, version: 1 }, {}] });
    expect(await firing(run)).toEqual([]);
    await live(run, 14, 20, 1);
    expect(await firing(run)).toEqual([]);
    // What was normal once is a change by now.
    await live(run, 20, 21, 0);
    expect((await firing(run)).sort()).toEqual(['price', 'size']);
    const [alert] = await run.ports.store.alerts();
    expect(alert?.baseline).toMatchObject({ kind: 'profile', what: 'what cli:ana accepted on 2026-01-19' });
  });

  it('is in the audit log and on the timeline of the incident, which ends', async () => {
    const run = runWith(between);
    await live(run, 0, 10, 0);
    await live(run, 10, 14, 1);
    await accept(run);
    expect(await run.ports.store.auditLog(10)).toMatchObject([
      { kind: 'accepted', actor: 'cli:ana', at: t0 + 14 * day, data: { rule: 'moved', from: t0 + 10 * day, to: t0 + 14 * day } },
    ]);
    const [incident] = await run.ports.store.incidents({ status: 'all', limit: 5 });
    const timeline = await run.ports.store.timeline(asIncidentId(incident?.id ?? ''));
    expect(timeline.map(({ kind, actor }) => `${kind} ${actor}`)).toContain('accepted cli:ana');
    expect(timeline.filter(({ kind }) => kind === 'alert resolved')).toHaveLength(2);
  });

  it('is listed, oldest first, with who accepted it', async () => {
    const run = runWith(between);
    await live(run, 0, 10, 0);
    await live(run, 10, 14, 1);
    await accept(run);
    const { accepted } = await trainingsOverview(run.ports);
    expect(accepted.map(({ labels, by, at }) => [labels['feature'], by, at]).sort()).toEqual([
      ['price', 'cli:ana', t0 + 14 * day],
      ['size', 'cli:ana', t0 + 14 * day],
    ]);
  });

  it('takes only the alerts with the labels, and the window, that were named', async () => {
    const run = runWith(between);
    await live(run, 0, 10, 0);
    await live(run, 10, 14, 1);
    const result = await accept(run, { match: { feature: 'price' }, windowMs: 2 * day });
    expect(result).toMatchObject({ ok: true, accepted: [{ labels: { feature: 'price' }, from: t0 + 12 * day }] });
    await live(run, 14, 16, 1);
    expect(await firing(run)).toEqual(['size']);
  });

  it('may be done again, over what was accepted before', async () => {
    const run = runWith(between);
    await live(run, 0, 10, 0);
    await live(run, 10, 12, 1);
    await accept(run, {}, t0 + 12 * day);
    await live(run, 12, 14, 2);
    expect(await accept(run)).toMatchObject({ ok: true, accepted: [{ version: 2 }, { version: 2 }] });
    await live(run, 14, 16, 2);
    expect(await firing(run)).toEqual([]);
  });

  it('of a rolling baseline starts it anew: it learns from the change on', async () => {
    const run = runWith({ rolling: { window: '7d' } });
    await live(run, 0, 10, 0);
    await live(run, 10, 14, 1);
    expect((await firing(run)).sort()).toEqual(['price', 'size']);
    await accept(run);
    await live(run, 14, 20, 1);
    expect(await firing(run)).toEqual([]);
    await live(run, 20, 21, 2);
    expect((await firing(run)).sort()).toEqual(['price', 'size']);
    const [alert] = await run.ports.store.alerts();
    expect(alert?.baseline).toMatchObject({ what: 'the time before', from: t0 + 13 * day });
  });

  it('is over when the config names another baseline', async () => {
    const run = runWith(between);
    await live(run, 0, 10, 0);
    await live(run, 10, 14, 1);
    await accept(run);
    const other = runWith({ between: { from: '2026-01-05', to: '2026-01-13' } });
    await live({ ...run, ports: { ...run.ports, config: other.ports.config } }, 14, 15, 1);
    expect((await firing(run)).sort()).toEqual(['price', 'size']);
  });

  it('is refused without the role, which is noted, and where there is nothing to accept', async () => {
    const run = runWith(between);
    await live(run, 0, 9, 0);
    expect(await accept(run, {}, t0 + 9 * day)).toMatchObject({ ok: false, kind: 'conflict' });
    await live(run, 9, 12, 1);
    expect(await accept(run, {}, t0 + 12 * day, 'viewer')).toMatchObject({ ok: false, kind: 'not allowed' });
    expect((await run.ports.store.auditLog(10)).map(({ kind }) => kind)).toEqual(['refused']);
    const at = t0 + 12 * day;
    expect(await accept(run, { rule: asRuleId('nope') }, at)).toMatchObject({ ok: false, kind: 'not found' });
    expect(await accept(run, { rule: asRuleId('low') }, at)).toMatchObject({ ok: false, kind: 'invalid' });
    expect(await accept(run, { match: { feature: 'age' } }, at)).toMatchObject({ ok: false, kind: 'conflict' });
    expect(await accept(run, { windowMs: hour }, at)).toMatchObject({ ok: false, kind: 'invalid' });
    expect(await accept(run, { windowMs: 1000 * day }, at)).toMatchObject({ ok: false, kind: 'invalid' });
    expect((await firing(run)).sort()).toEqual(['price', 'size']);
  });
});
