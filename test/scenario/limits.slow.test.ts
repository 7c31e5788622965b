import { describe, expect, it } from 'vitest';
import { deliverEffect } from '../../app/deliver/deliver.ts';
import { asEffectId } from '../../core/vocabulary/ids.ts';
import { ruleOn, storyOf } from './harness.ts';

// The harness refuses any commit of more actions than a transaction takes, and any record that is
// too large.

const failures = (story: ReturnType<typeof storyOf>): string[] => story.logged.filter((line) => line.startsWith('error'));

describe('however much comes at once', () => {
  it('500 alerts of one group are one incident, one page, and exact counts', async () => {
    const story = storyOf();
    for (let i = 0; i < 500; i++) await story.value('latency', i % 3 === 0 ? 'critical' : 'warn', { model: 'm', host: `h${i}` });
    await story.pass('4m');
    expect(failures(story)).toEqual([]);
    expect(await story.incidents()).toHaveLength(1);
    const incident = await story.incident();
    expect(incident.counts).toEqual({ critical: 167, warn: 333, info: 0, muted: 0, resolved: 0 });
    expect(incident.alerts).toHaveLength(50);
    expect(new Set(incident.alerts.map(({ severity }) => severity))).toEqual(new Set(['critical']));
    expect(story.pages()).toEqual(['0:01 triggered: responder/ana by sns:ana']);
    for (let i = 0; i < 500; i++) await story.value('latency', 'ok', { model: 'm', host: `h${i}` });
    await story.pass('10m');
    expect(await story.incident()).toMatchObject({
      status: 'resolved',
      counts: { critical: 0, warn: 0, info: 0, muted: 0, resolved: 500 },
    });
  });

  it('alerts that join people who read twenty boards fit into commits', async () => {
    const names = Array.from({ length: 20 }, (_, i) => `p${i}`);
    const story = storyOf({
      rules: { slow: ruleOn('latency', { rollback: 'model' }) },
      deployments: { model: { hook: { webhook: { url: 'https://hook.test', secret: 'HOOK' } } } },
      rollbacks: { model: { deployment: 'model', automatic: true } },
      responders: Object.fromEntries(names.map((name) => [name, { name, contacts: [{ slack: `#${name}` }] }])),
      policies: { duty: { tiers: [{ targets: names.map((responder) => ({ responder })), ackWithin: '15m' }], repeat: 2 } },
    });
    for (let i = 0; i < 60; i++) await story.value('latency', 'warn', { model: 'm', host: `h${i}` });
    await story.pass('3m');
    for (let i = 0; i < 60; i++) await story.value('latency', 'critical', { model: 'm', host: `h${i}` });
    await story.pass('30m');
    for (let i = 0; i < 60; i++) await story.value('latency', 'ok', { model: 'm', host: `h${i}` });
    await story.pass('10m');
    expect(failures(story)).toEqual([]);
    expect(story.phones.rung.filter(({ page }) => page.reason === 'severity raised')).toHaveLength(20);
    expect((await story.incident()).status).toBe('resolved');
  });

  it('labels and reasons of any length leave the incident small', async () => {
    const story = storyOf();
    const long = 'ü'.repeat(1000);
    const labels = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`label-${i}`, long]));
    for (let i = 0; i < 60; i++) await story.value('latency', 'critical', { ...labels, model: 'm', host: `h${i}` });
    await story.pass('5m');
    expect(failures(story)).toEqual([]);
    expect(story.pages()).toHaveLength(1);
    expect(JSON.stringify(await story.incident()).length).toBeLessThan(150_000);
  });

  it('a target that is slow for days, while alerts join, leaves the incident small', async () => {
    const story = storyOf({ policies: { duty: { tiers: [{ targets: [{ responder: 'ana' }], ackWithin: '4w' }] } } });
    story.phones.behave('sns:ana', 'hangs');
    for (let i = 0; i < 60; i++) {
      await story.value('latency', 'critical', { model: 'm', host: `h${i}` });
      await story.pass('10m');
    }
    expect((await story.incident()).escalation.slow.length).toBeLessThan(15);
    // Nobody has been told, so trying goes on: a few pages at a time, until somebody is.
    await story.pass('2d');
    expect((await story.incident()).escalation.slow.length).toBeLessThan(15);
    story.phones.behave('sns:ana', 'rings');
    await story.pass('3m');
    expect(story.pages().length).toBeGreaterThan(0);
    expect((await story.incident()).escalation.slow).toEqual([]);
  });

  it('many edits of one message that wait together are concluded in commits that fit', async () => {
    const story = storyOf({
      responders: { ana: { name: 'Ana', contacts: [{ slack: '#ml' }] } },
      policies: { duty: { tiers: [{ targets: [{ responder: 'ana' }], ackWithin: '1d' }] } },
    });
    await story.value('latency', 'critical');
    await story.pass('2m');
    story.phones.behave('slack:#ml', { busyForMs: 600_000 });
    for (let i = 0; i < 2500; i++) await story.value('latency', 'warn', { model: 'm', host: `h${i}` });
    await story.pass('2m');
    story.phones.behave('slack:#ml', 'rings');
    await story.pass('30m');
    expect(failures(story)).toEqual([]);
    expect([...story.phones.boards.values()][0]?.page.alertCount).toBe(2501);
    expect(await story.store.dueEffects(story.clock.now(), 10)).toEqual([]);
  });
});

describe('a config that has changed', () => {
  it('so that a queued page has nobody left to page is still delivered to whom it was meant for', async () => {
    const story = storyOf();
    story.phones.behave('sns:ana', 'hangs');
    await story.value('latency', 'critical');
    await story.pass('62s');
    story.ports.config = { ...story.ports.config, responders: {} };
    story.phones.behave('sns:ana', 'rings');
    await story.pass('30s');
    expect(story.pages()).toEqual([expect.stringMatching(/^0:01:\d\d triggered: responder\/ana by sns:ana$/)]);
  });

  it('does not disturb an effect of an incident that is unknown', async () => {
    const story = storyOf();
    expect(await deliverEffect(story.ports, asEffectId('inc-none#1#0'), story.clock.now())).toEqual({ outcome: 'skipped' });
  });
});
