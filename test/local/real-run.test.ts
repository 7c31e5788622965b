import { describe, expect, it, vi } from 'vitest';
import { evaluate } from '../../app/evaluate/evaluate.ts';
import { foldSamples } from '../../app/ingest/ingest.ts';
import type { Channel } from '../../app/ports/channel.ts';
import type { Ports } from '../../app/ports/ports.ts';
import { respond } from '../../app/respond/respond.ts';
import { watchSynthetic } from '../../app/selfcheck/synthetic.ts';
import type { Contact } from '../../core/response/contacts/contact.ts';
import type { PageEffect } from '../../core/response/outbox/effect.ts';
import type { Page } from '../../core/response/paging/page.ts';
import { asEffectId, asFingerprint } from '../../core/vocabulary/ids.ts';
import { realRun } from '../../local/run/real-run.ts';
import { minute, type Part, ruleOn, type Story, second, storyOf, t0 } from '../scenario/harness.ts';

/** Something that a test waits for. */
function signal<T = void>(): { happened: Promise<T>; happen: (value: T) => void } {
  let happen: (value: T) => void = () => {};
  const happened = new Promise<T>((resolve) => {
    happen = resolve;
  });
  return { happened, happen };
}

const hangs: Channel = { send: () => new Promise(() => {}) };

/** One tier with these contacts, each a person of their own. */
const paging = (contacts: NonNullable<Part['responders']>[string]['contacts']): Part => ({
  responders: Object.fromEntries(contacts.map((contact, n) => [`person${n}`, { name: `Person ${n}`, contacts: [contact] }])),
  channels: {},
  policies: { duty: { tiers: [{ targets: contacts.map((_, n) => ({ responder: `person${n}` })), ackWithin: '15m' }] } },
});

const hook = (n: number) => ({ webhook: { url: `https://hook${n}.example`, secret: 'HOOK' } });

/** A metric has gone critical, and nothing has been delivered yet. */
async function troubled(part: Part, over: Partial<Ports['channels']>) {
  const story = storyOf(part);
  const ports: Ports = { ...story.ports, channels: { ...story.ports.channels, ...over } };
  await story.value('latency', 'critical');
  story.clock.set(story.clock.now() + minute);
  await evaluate(ports, story.clock.now());
  return { story, ports };
}

const at = (host: string, n: number) => ({ kind: 'webhook' as const, url: `https://${host}/${n}`, secret: 'HOOK' });
const anyContact: Contact = at('any.example', 0);

/** More pages of the incident that is in trouble, due before those that were there. */
async function morePages(story: Story, count: number, change: (n: number) => Partial<PageEffect>): Promise<void> {
  const page = story.decided.effects.find((effect) => effect.kind === 'page');
  if (page?.kind !== 'page') throw new Error('expected a page');
  const effects = Array.from({ length: count }, (_, n): PageEffect => {
    const own = change(n);
    return { ...page, id: asEffectId(`${page.incidentId}#${JSON.stringify(own.contacts)}#${n}`), createdAt: t0, ...own };
  });
  for (let from = 0; from < count; from += 60)
    await story.store.commit({ writes: [], timeline: [], effects: effects.slice(from, from + 60), done: [] });
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate);
}

describe('the run on real time', () => {
  it('delivers through one medium while all of another hangs', async () => {
    const rung = signal<Page>();
    const terminal: Channel = {
      async send(_, page) {
        rung.happen(page);
        return {};
      },
    };
    const contacts = [...Array.from({ length: 19 }, (_, n) => hook(n)), { terminal: true as const }];
    const { story, ports } = await troubled(paging(contacts), { webhook: hangs, terminal });
    const run = realRun(ports, story.clock, { drainMs: 10 });
    expect((await rung.happened).target).toBe('responder/person19');
    await run.stop();
  });

  it('lets pages of one target that are due at once travel together, as the storm limit has it', async () => {
    const story = storyOf({ ...paging([hook(0)]), settings: { groupBy: ['model'], pageInterval: '1m' } });
    for (const model of ['a', 'b', 'c', 'd', 'e']) await story.value('latency', 'critical', { model });
    story.clock.set(story.clock.now() + minute);
    const taken = signal<Page>();
    const webhook: Channel<'webhook'> = {
      async send(_, page) {
        taken.happen(page);
        return {};
      },
    };
    const ports: Ports = { ...story.ports, channels: { ...story.ports.channels, webhook } };
    await evaluate(ports, story.clock.now());
    const run = realRun(ports, story.clock);
    expect((await taken.happened).held).toHaveLength(4);
    await run.stop();
  });

  it('carries a synthetic incident to its contact, and tells how long that took by its own clock', async () => {
    const story = storyOf({ settings: { syntheticIncident: { contact: { terminal: true } } } });
    const paged = signal<Page>();
    const terminal: Channel = {
      async send(_, page) {
        story.clock.set(story.clock.now() + 700);
        paged.happen(page);
        return {};
      },
    };
    const ports: Ports = { ...story.ports, channels: { ...story.ports.channels, terminal } };
    const began = story.clock.now();
    await watchSynthetic(ports, began);
    story.clock.set(began + 20_000);
    const run = realRun(ports, story.clock);
    expect((await paged.happened).title).toMatch(/Synthetic incident/);
    await run.stop();
    const { outcome } = await watchSynthetic(ports, story.clock.now());
    expect(outcome).toMatchObject({ kind: 'paged', tookMs: 20_700 });
  });

  it('carries each synthetic incident to its contact, also where no rule is due for an hour', async () => {
    const story = storyOf({
      settings: { syntheticIncident: { contact: { terminal: true }, every: '15m' } },
      rules: { slow: ruleOn('latency', { step: '1h' }) },
    });
    const terminal: Channel = { send: async () => ({}) };
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      const from = story.clock.now() + minute;
      story.clock.set(from);
      const run = realRun({ ...story.ports, channels: { ...story.ports.channels, terminal } }, story.clock, { drainMs: 10 });
      for (let s = 0; s <= 20 * 60; s += 5) {
        story.clock.set(from + s * second);
        await vi.advanceTimersByTimeAsync(5 * second);
        for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
      }
      const stopped = run.stop();
      await vi.advanceTimersByTimeAsync(second);
      await stopped;
    } finally {
      vi.useRealTimers();
    }
    const arrived = expect.stringMatching(/^info: the page of the synthetic incident has arrived/);
    expect(story.logged).toEqual([arrived, arrived]);
  });

  it('sends a critical page at once, however many warnings wait for receivers that hang', async () => {
    const tried: string[] = [];
    const rung = signal();
    const webhook: Channel<'webhook'> = {
      send(contact) {
        const { host } = new URL(contact.url);
        if (host === 'well.example') rung.happen();
        tried.push(host);
        return host === 'well.example' ? Promise.resolve({}) : hangs.send(anyContact, {} as Page, '');
      },
    };
    const { story, ports } = await troubled(paging([{ terminal: true as const }]), { webhook });
    for (const host of ['a.example', 'b.example', 'c.example'])
      await morePages(story, 600, (n) => ({
        severity: 'warn',
        contacts: [at(host, n)],
        target: { kind: 'responder', name: `${host}-${n}` },
      }));
    await morePages(story, 1, () => ({
      id: asEffectId('inc#late#0'),
      createdAt: t0 + minute,
      contacts: [at('well.example', 0)],
    }));
    const run = realRun(ports, story.clock, { drainMs: 10 });
    await rung.happened;
    expect(tried[0]).toBe('well.example');
    await run.stop();
  });

  it('sends a critical page at once, however many critical ones wait for a receiver that hangs', async () => {
    const rung = signal();
    const webhook: Channel<'webhook'> = {
      send(contact) {
        const { host } = new URL(contact.url);
        if (host !== 'well.example') return hangs.send(anyContact, {} as Page, '');
        rung.happen();
        return Promise.resolve({});
      },
    };
    const { story, ports } = await troubled(paging([{ terminal: true as const }]), { webhook });
    await morePages(story, 900, (n) => ({
      contacts: [at('a.example', n)],
      target: { kind: 'responder' as const, name: `${n}` },
    }));
    await morePages(story, 1, () => ({
      id: asEffectId('inc#late#0'),
      createdAt: t0 + minute,
      contacts: [at('well.example', 0)],
    }));
    const run = realRun(ports, story.clock, { drainMs: 10 });
    await rung.happened;
    await run.stop();
  });

  it('tries no more at once at one receiver than it takes, and leaves a part of that to critical pages', async () => {
    const tried = { warn: 0, critical: 0 };
    const webhook: Channel<'webhook'> = {
      send(_, page) {
        tried[page.why === 'warn' ? 'warn' : 'critical'] += 1;
        return hangs.send(anyContact, page, '');
      },
    };
    const { story, ports } = await troubled(paging([{ terminal: true as const }]), { webhook });
    const toHost = (n: number) => ({ contacts: [at('a.example', n)], target: { kind: 'responder' as const, name: `${n}` } });
    await morePages(story, 40, (n) => ({ ...toHost(n), severity: 'warn', why: 'warn' }));
    const run = realRun(ports, story.clock, { drainMs: 10 });
    await until(() => tried.warn === 12);
    await morePages(story, 40, (n) => ({ ...toHost(100 + n), id: asEffectId(`inc#late#${n}`) }));
    run.kick();
    await until(() => tried.critical === 4);
    for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
    expect(tried).toEqual({ warn: 12, critical: 4 });
    await run.stop();
  });

  it('leaves room at a receiver for others while one target of it hangs', async () => {
    const rung = signal();
    const webhook: Channel<'webhook'> = {
      send(contact) {
        if (contact.url !== at('a.example', 1).url) return hangs.send(anyContact, {} as Page, '');
        rung.happen();
        return Promise.resolve({});
      },
    };
    const part = { ...paging([{ terminal: true as const }]), settings: { pageInterval: '0s' } };
    const { story, ports } = await troubled(part, { webhook });
    await morePages(story, 300, () => ({ contacts: [at('a.example', 0)], target: { kind: 'responder', name: 'a' } }));
    await morePages(story, 1, () => ({ id: asEffectId('inc#late#0'), createdAt: t0 + minute, contacts: [at('a.example', 1)] }));
    const run = realRun(ports, story.clock, { drainMs: 10 });
    await rung.happened;
    await run.stop();
  });

  it('asks the hook of one deployment while those of others hang', async () => {
    const asked = signal();
    const names = Array.from({ length: 40 }, (_, n) => `d${n}`);
    const part: Part = {
      ...paging([{ terminal: true as const }]),
      deployments: Object.fromEntries(
        names.map((name) => [name, { hook: { webhook: { url: `https://${name}.example`, secret: 'HOOK' } } }]),
      ),
      rollbacks: Object.fromEntries(names.map((name) => [name, { deployment: name }])),
    };
    const { story, ports } = await troubled(part, {});
    const { id } = await story.incident();
    const effects = names.map((rollback, n) => ({
      kind: 'describe_deployment' as const,
      id: asEffectId(`${id}#9#${n}`),
      incidentId: id,
      createdAt: t0 + n,
      rollback,
      fingerprint: asFingerprint('f'),
      by: 'tocsin',
    }));
    await ports.store.commit({ writes: [], timeline: [], effects: effects, done: [] });
    const describe = (name: string): Promise<never> => {
      if (name === 'd39') asked.happen();
      return new Promise(() => {});
    };
    const hooks = { ...ports.hooks, webhook: { ...ports.hooks.webhook, describe } };
    const run = realRun({ ...ports, hooks }, story.clock, { drainMs: 10 });
    await asked.happened;
    await run.stop();
  });

  it('lets a delivery that is under way finish before it stops', async () => {
    const begun = signal();
    const end = signal();
    const terminal: Channel = {
      async send() {
        begun.happen();
        await end.happened;
        return {};
      },
    };
    const { story, ports } = await troubled(paging([{ terminal: true }]), { terminal });
    const run = realRun(ports, story.clock);
    await begun.happened;
    const stopping = run.stop();
    end.happen();
    await stopping;
    expect(await story.told('page delivered')).toHaveLength(1);
    expect(story.logged).toEqual([]);
  });

  it('leaves a delivery that does not end to the next start, and says nothing more once stopped', async () => {
    const begun = signal();
    const fail = signal<Error>();
    const terminal: Channel = {
      async send() {
        begun.happen();
        throw await fail.happened;
      },
    };
    const { story, ports } = await troubled(paging([{ terminal: true }]), { terminal });
    const run = realRun(ports, story.clock, { drainMs: 10 });
    await begun.happened;
    await run.stop();
    const later = await story.store.dueEffects(story.clock.now() + 5 * minute, 10);
    expect(later.map(({ effect }) => effect.kind)).toContain('page');
    fail.happen(new Error('too late'));
    await Promise.resolve();
    expect(story.logged).toEqual([]);
  });

  it('looks at once for what a person has brought about', async () => {
    const escalated = signal();
    const terminal: Channel = {
      async send(_, page) {
        if (page.tier === 2) escalated.happen();
        return {};
      },
    };
    const twoTiers: Part = {
      ...paging([{ terminal: true }]),
      policies: { duty: { tiers: [1, 2].map(() => ({ targets: [{ responder: 'person0' }], ackWithin: '15m' })) } },
      settings: { pageInterval: '0s' },
    };
    const { story, ports } = await troubled(twoTiers, { terminal });
    const run = realRun({ ...ports, observe: () => run.kick() }, story.clock);
    const { id } = await story.incident();
    await respond(
      { ...ports, observe: () => run.kick() },
      { incidentId: id, response: 'escalate', actor: 'ana', role: 'admin' },
      story.clock.now(),
    );
    await escalated.happened;
    await run.stop();
  });

  it('goes on after the store has failed', async () => {
    const rung = signal();
    const terminal: Channel = {
      async send() {
        rung.happen();
        return {};
      },
    };
    const { story, ports } = await troubled(paging([{ terminal: true }]), { terminal });
    let failures = 0;
    const store: Ports['store'] = {
      ...ports.store,
      async dueEffects(...request) {
        if (failures++ === 0) throw new Error('the disk is away');
        return ports.store.dueEffects(...request);
      },
    };
    const run = realRun({ ...ports, store }, story.clock);
    await rung.happened;
    await run.stop();
    expect(story.logged).toEqual([expect.stringMatching(/^error: the outbox could not be read.*the disk is away/)]);
  });

  it('pages for a sample that breaks a bound before its step has ended', async () => {
    const rung = signal<Page>();
    const terminal: Channel = {
      async send(_, page) {
        rung.happen(page);
        return {};
      },
    };
    const story = storyOf({
      ...paging([{ terminal: true }]),
      rules: { slow: ruleOn('latency', { query: { samples: { metric: 'latency', statistic: 'max' } }, step: '1h' }) },
    });
    const ports: Ports = {
      ...story.ports,
      channels: { ...story.ports.channels, terminal },
      observe: () => run.kick(),
      observeFold: (folded) => run.folded(folded),
    };
    story.clock.set(t0 + minute);
    const run = realRun(ports, story.clock, { drainMs: 10 });
    const records = [{ metric: 'latency', value: 250, timestamp: t0 + minute, labels: { model: 'm' } }];
    await foldSamples(ports, 'pushed', records, 'one', t0 + minute);
    expect((await rung.happened).severity).toBe('critical');
    await run.stop();
    expect(await story.store.meta('tick')).toBeUndefined();
  });

  it('judges the other rules tick by tick while one source does not answer', async () => {
    const story = storyOf({
      sources: { pushed: { kind: 'samples' }, aws: { kind: 'cloudwatch', lag: '0s' } },
      rules: {
        slow: ruleOn('latency', { step: '1s' }),
        down: {
          ...ruleOn('', { source: 'aws', step: '1s', category: 'availability' }),
          query: { cloudwatch: { metric: { namespace: 'Own', metric: 'Errors' } } },
        },
      },
    });
    const ticks: number[] = [];
    let asked = 0;
    const ports: Ports = {
      ...story.ports,
      sources: {
        ...story.ports.sources,
        samples: {
          query(...request) {
            ticks.push((story.clock.now() - t0) / second);
            return story.ports.sources.samples.query(...request);
          },
        },
        cloudwatch: {
          query() {
            asked += 1;
            return new Promise(() => {});
          },
        },
      },
    };
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      const run = realRun(ports, story.clock, { drainMs: 10 });
      for (let s = 0; s < 3; s += 1) {
        story.clock.set(t0 + s * second);
        // The store answers in turns of the event loop that are real.
        while (ticks.length <= s) {
          await vi.advanceTimersByTimeAsync(100);
          await new Promise(setImmediate);
        }
      }
      const stopped = run.stop();
      await vi.advanceTimersByTimeAsync(second);
      await stopped;
    } finally {
      vi.useRealTimers();
    }
    expect(ticks).toEqual([0, 1, 2]);
    expect(asked).toBe(1);
  });

  it('stops while the rules are being judged by a source that does not answer', async () => {
    const asked = signal();
    const story = storyOf();
    const query = () => {
      asked.happen();
      return new Promise<never>(() => {});
    };
    const run = realRun({ ...story.ports, sources: { ...story.ports.sources, samples: { query } } }, story.clock, {
      drainMs: 10,
    });
    story.clock.run();
    await asked.happened;
    await run.stop();
  });
});
