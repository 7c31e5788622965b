import { describe, expect, it } from 'vitest';
import { deliverEffect } from '../../app/deliver/deliver.ts';
import { evaluate } from '../../app/evaluate/evaluate.ts';
import type { SendResult } from '../../app/ports/channel.ts';
import { wakeIncident } from '../../app/respond/escalate.ts';
import { contactKey } from '../../core/response/contacts/contact.ts';
import { asEffectId } from '../../core/vocabulary/ids.ts';
import { minute, type Part, ruleOn, type Story, second, storyOf, timeAt, timeOf } from './harness.ts';

/** Ana has a phone and a mail address, Ben a phone. */
const twoContacts: Part = {
  responders: {
    ana: { name: 'Ana', contacts: [{ sns: 'ana' }, { webhook: { url: 'https://mail.test/ana', secret: 'MAIL' } }] },
    ben: { name: 'Ben', contacts: [{ sns: 'ben' }] },
  },
  policies: {
    duty: {
      tiers: ['ana', 'ben'].map((responder) => ({ targets: [{ responder }], ackWithin: '30m' })),
      fallback: { channel: 'room' },
    },
  },
};
const mail = expect.stringMatching(/^webhook:mail\.test#/);

describe('a target that is dead', () => {
  it('is tried by its next contact method at once', async () => {
    const story = storyOf(twoContacts);
    story.phones.behave('sns:ana', 'dead');
    await story.value('latency', 'critical');
    await story.pass('2m');
    expect(story.phones.rung.map(({ at, contact }) => [timeOf(at), contact])).toEqual([['0:01', mail]]);
    expect(await story.told('page failed')).toEqual(['0:01 page failed: triggered, responder/ana, sns:ana, dead']);
  });

  it('by every method has the next tier paged at once, and everybody dead ends in an exhausted policy that is tried again', async () => {
    const story = storyOf(twoContacts);
    const everybody = Object.values(story.ports.config.responders).flatMap(({ contacts }) => contacts);
    for (const contact of [...everybody, { kind: 'sns' as const, topic: 'room' }])
      story.phones.behave(contactKey(contact), 'dead');
    await story.value('latency', 'critical');
    await story.pass('90s');
    expect(story.pages()).toEqual([]);
    expect(await story.told('escalated')).toEqual([
      '0:01 escalated: tier 2, unreachable',
      '0:01 escalated: fallback, unreachable',
      '0:01 escalated: exhausted, unreachable',
    ]);
    expect((await story.entries('escalated')).at(-1)?.data).toMatchObject({ untold: true, restartsAt: timeAt('0:02') });
  });

  it('does not escalate while another of its tier can be reached', async () => {
    const tiers = [
      { targets: [{ responder: 'ana' }, { responder: 'ben' }], ackWithin: '15m' },
      { targets: [{ responder: 'lea' }], ackWithin: '15m' },
    ];
    const story = storyOf({ policies: { duty: { tiers } } });
    story.phones.behave('sns:ana', 'dead');
    await story.value('latency', 'critical');
    await story.pass('20m');
    expect(story.pages()).toEqual(['0:01 triggered: responder/ben by sns:ben', '0:16 escalated: responder/lea by sns:lea']);
  });
});

describe('a target that does not answer', () => {
  it('has the next contact method tried within 30 seconds, while trying goes on for an hour', async () => {
    const story = storyOf(twoContacts);
    story.phones.behave('sns:ana', 'hangs');
    await story.value('latency', 'critical');
    await story.pass('2m');
    const byMail = story.phones.rung[0];
    expect(byMail?.contact).toEqual(mail);
    expect((byMail?.at ?? 0) - story.clock.now() + minute).toBeLessThanOrEqual(30 * second);
    await story.pass('3h');
    const tries = story.phones.tries.filter(({ contact }) => contact === 'sns:ana');
    expect(tries.length).toBeGreaterThan(50);
    expect((tries.at(-1)?.at ?? 0) - (tries[0]?.at ?? 0)).toBeLessThanOrEqual(60 * minute);
    expect((await story.entries('page failed')).map(({ data }) => [data?.contact, data?.failure])).toEqual([
      ['sns:ana', 'slow'],
      ['sns:ana', 'dead'],
    ]);
  });

  it('does not have the next contact method tried again when escalation has gone on meanwhile', async () => {
    const story = storyOf(twoContacts);
    story.phones.behave('sns:ana', 'hangs');
    await story.value('latency', 'critical');
    await story.pass('3h');
    expect(story.phones.rung.filter(({ contact }) => contact.startsWith('webhook'))).toHaveLength(1);
    expect((await story.incident()).escalation.slow).toEqual([]);
  });

  it('is not paged any more once somebody has acknowledged', async () => {
    const story = storyOf(twoContacts);
    story.phones.behave('sns:ana', 'hangs');
    await story.value('latency', 'critical');
    await story.pass('5m');
    await story.press('acknowledge');
    story.phones.behave('sns:ana', 'rings');
    await story.pass('1h');
    expect(story.phones.rung.filter(({ contact }) => contact === 'sns:ana')).toEqual([]);
    expect(await story.told('page held')).toEqual([expect.stringMatching(/: triggered, responder\/ana, sns:ana, acknowledged$/)]);
  });

  it('is left alone for as long as it asks to be', async () => {
    const story = storyOf(twoContacts);
    story.phones.behave('sns:ana', { busyForMs: 20 * second });
    await story.value('latency', 'critical');
    await story.pass('61s');
    story.phones.behave('sns:ana', 'rings');
    await story.pass('5m');
    expect(story.phones.tries.map(({ at, contact }) => `${timeOf(at)} ${contact}`)).toEqual(['0:01 sns:ana', '0:01:20 sns:ana']);
    expect(story.pages()).toEqual(['0:01:20 triggered: responder/ana by sns:ana']);
  });

  it('and asks for longer than 30 seconds has the next contact method tried at once', async () => {
    const story = storyOf(twoContacts);
    story.phones.behave('sns:ana', { busyForMs: 10 * minute });
    await story.value('latency', 'critical');
    await story.pass('2m');
    expect(story.phones.rung.map(({ at, contact }) => [timeOf(at), contact])).toEqual([['0:01', mail]]);
  });
});

describe('a receiver that hangs', () => {
  const hook = (name: string) => ({ webhook: { url: `https://hook.test/${name}`, secret: 'HOOK' } });
  const people = Array.from({ length: 12 }, (_, n) => `p${n}`);
  /** Everybody has a webhook on one host, and a phone; all are paged at once. */
  const everybody: Part = {
    settings: { groupBy: ['host'], pageInterval: '1m' },
    responders: Object.fromEntries(people.map((name) => [name, { name, contacts: [hook(name), { sns: name }] }])),
    policies: { duty: { tiers: [{ targets: people.map((responder) => ({ responder })), ackWithin: '4h' }] } },
    channels: {},
  };
  const only: Part = { policies: { duty: { tiers: [{ targets: [{ responder: 'ana' }], ackWithin: '4h' }] } } };
  const hangAll = (story: Story): void => {
    for (const name of people) story.phones.behave(contactKey({ kind: 'webhook', ...hook(name).webhook }), 'times out');
  };

  it('is set aside after some time-outs, and its pages go to the next contact method at once', async () => {
    const story = storyOf(everybody);
    hangAll(story);
    await story.value('latency', 'critical', { host: 'a' });
    await story.pass('61s');
    // Five addresses of the host have kept a worker waiting; the others go elsewhere without a try.
    expect(story.phones.tries.filter(({ contact }) => contact.startsWith('webhook'))).toHaveLength(5);
    const atOnce = story.phones.rung.map(({ contact }) => contact);
    expect(atOnce).toEqual(people.slice(5).map((name) => `sns:${name}`));
    expect(await story.told('page failed')).toContainEqual(
      expect.stringMatching(/^0:01 page failed: triggered, responder\/p11, webhook:\S+, slow$/),
    );
    await story.pass('1m');
    expect(new Set(story.phones.rung.map(({ contact }) => contact))).toEqual(new Set(people.map((name) => `sns:${name}`)));
  });

  it('is tried by one page at a time, and takes all again once it answers', async () => {
    const story = storyOf(everybody);
    hangAll(story);
    await story.value('latency', 'critical', { host: 'a' });
    await story.pass('2m');
    const before = story.phones.tries.length;
    const from = story.clock.now();
    await story.pass('20m');
    const probes = story.phones.tries.slice(before).filter(({ contact }) => contact.startsWith('webhook'));
    expect(probes.length).toBeGreaterThan(10);
    for (const [n, { at }] of probes.entries()) expect(at - (probes[n - 1]?.at ?? from - minute)).toBeGreaterThanOrEqual(minute);
    for (const name of people) story.phones.behave(contactKey({ kind: 'webhook', ...hook(name).webhook }), 'rings');
    await story.pass('3m');
    const answered = story.phones.rung.filter(({ contact }) => contact.startsWith('webhook'));
    expect(answered).toHaveLength(people.length);
  });

  it('does not keep an address that has just answered from being tried', async () => {
    const story = storyOf(everybody);
    hangAll(story);
    story.phones.behave(contactKey({ kind: 'webhook', ...hook('p0').webhook }), 'rings');
    await story.value('latency', 'critical', { host: 'a' });
    await story.pass('3m');
    story.phones.rung.length = 0;
    await story.value('latency', 'critical', { host: 'b' });
    await story.pass('61s');
    expect(story.phones.rung[0]?.contact).toBe(contactKey({ kind: 'webhook', ...hook('p0').webhook }));
  });

  it('is known to those who queue its pages, from the first time-out on until one fails at once', async () => {
    const story = storyOf(only);
    story.phones.behave('sns:ana', 'times out');
    await story.value('latency', 'critical');
    story.clock.set(story.clock.now() + minute);
    await evaluate(story.ports, story.clock.now());
    const { id } = story.decided.effects.find(({ kind }) => kind === 'page') ?? { id: '' };
    const first = await deliverEffect(story.ports, asEffectId(id), story.clock.now());
    expect(first).toMatchObject({ outcome: 'postponed', slow: true });
    story.phones.behave('sns:ana', 'hangs');
    expect(await deliverEffect(story.ports, asEffectId(id), first.notBefore ?? 0)).not.toHaveProperty('slow');
  });

  it('and is the only way to somebody is tried on, and the page comes once it answers', async () => {
    const story = storyOf(only);
    story.phones.behave('sns:ana', 'times out');
    await story.value('latency', 'critical');
    await story.pass('5m');
    const { length } = story.phones.tries;
    expect(length).toBeGreaterThan(4);
    expect(length).toBeLessThan(10);
    story.phones.behave('sns:ana', 'rings');
    await story.pass('2m');
    expect(story.phones.rung.map(({ contact }) => contact)).toEqual(['sns:ana']);
  });

  it('has what somebody has acknowledged meanwhile withheld', async () => {
    const story = storyOf(only);
    story.phones.behave('sns:ana', 'times out');
    await story.value('latency', 'critical');
    await story.pass('75s');
    await story.press('acknowledge', 'responder/ben');
    await story.pass('5m');
    expect(story.phones.rung.filter(({ contact }) => contact === 'sns:ana')).toEqual([]);
    expect(await story.told('page held')).toHaveLength(1);
  });
});

describe('a storm', () => {
  const hosts = Array.from({ length: 60 }, (_, i) => `host-${i}`);
  const many: Part = { settings: { groupBy: ['host'] } };

  it('of 60 incidents for one responder is at most one page a minute, and tells of every one', async () => {
    const story = storyOf(many);
    for (const host of hosts) await story.value('latency', 'critical', { host });
    await story.pass('10m');
    const times = story.phones.rung.map(({ at }) => at);
    for (const [i, at] of times.entries()) expect(at - (times[i - 1] ?? 0)).toBeGreaterThanOrEqual(minute);
    const told = story.phones.rung.flatMap(({ page }) => [page.incidentId, ...page.held.map(({ incidentId }) => incidentId)]);
    expect(new Set(told)).toEqual(new Set((await story.incidents()).map(({ id }) => id)));
    expect(story.pages()).toEqual(['0:01 triggered: responder/ana by sns:ana with 59 more']);
    expect(await story.told('page delivered')).toHaveLength(60);
  });

  it('that goes on bundles what was held into the next page', async () => {
    const story = storyOf(many);
    await story.value('latency', 'critical', { host: 'first' });
    await story.pass('61s');
    for (const host of hosts.slice(0, 5)) await story.value('latency', 'critical', { host });
    await story.pass('5m');
    expect(story.pages()).toEqual([
      '0:01 triggered: responder/ana by sns:ana',
      '0:02 triggered: responder/ana by sns:ana with 4 more',
    ]);
  });

  it('through a schedule and by name is one person', async () => {
    const story = storyOf({
      rules: { slow: ruleOn('latency'), nulls: ruleOn('nulls', { category: 'data-quality' }) },
      settings: { groupBy: ['rule', 'host'] },
      schedules: { rota: { timezone: 'UTC', start: '2026-01-05T00:00', responders: ['ana'] } },
      policies: {
        duty: { tiers: [{ targets: [{ responder: 'ana' }], ackWithin: '15m' }] },
        rota: { tiers: [{ targets: [{ schedule: 'rota' }], ackWithin: '15m' }] },
      },
      matrix: {
        default: { warn: { policy: 'duty' }, critical: { policy: 'duty' } },
        'data-quality': { critical: { policy: 'rota' } },
      },
    });
    await story.value('latency', 'critical', { host: 'a' });
    await story.value('nulls', 'critical', { host: 'b' });
    await story.pass('2m');
    expect(story.phones.rung.map(({ page }) => page.held.length)).toEqual([1]);
  });

  it('is told whole when the phone is first dead and the next method answers', async () => {
    const story = storyOf({ ...many, ...twoContacts });
    story.phones.behave('sns:ana', 'dead');
    for (const host of hosts) await story.value('latency', 'critical', { host });
    await story.pass('10m');
    const told = story.phones.rung.flatMap(({ page }) => [page.incidentId, ...page.held.map(({ incidentId }) => incidentId)]);
    expect(new Set(told).size).toBe(60);
    expect(story.phones.rung.length).toBeLessThanOrEqual(3);
  });

  it('is told once, also when those who show it fail', async () => {
    const story = storyOf(many);
    for (const host of hosts.slice(0, 5)) await story.value('latency', 'critical', { host });
    const { observe } = story.ports;
    story.ports.observe = (entries, effects) => {
      observe(entries, effects);
      throw new Error('nobody looks');
    };
    await story.pass('5m');
    expect(story.pages()).toEqual(['0:01 triggered: responder/ana by sns:ana with 4 more']);
    expect(await story.told('page delivered')).toHaveLength(5);
    expect(new Set(story.logged.map((line) => line.replace(/ \{.*/, '')))).toEqual(
      new Set(['error: a decision could not be published']),
    );
  });

  it('of more pages than are looked at in one go loses none', async () => {
    const story = storyOf(many);
    for (let i = 0; i < 450; i++) await story.value('latency', 'critical', { host: `h${i}` });
    await story.pass('10m');
    const told = story.phones.rung.flatMap(({ page }) => [page.incidentId, ...page.held.map(({ incidentId }) => incidentId)]);
    expect(told).toHaveLength(450);
    expect(new Set(told).size).toBe(450);
    const times = story.phones.rung.map(({ at }) => at);
    for (const [i, at] of times.entries()) expect(at - (times[i - 1] ?? 0)).toBeGreaterThanOrEqual(minute);
  });
});

describe('a message that can be edited', () => {
  const board: Part = {
    responders: { ana: { name: 'Ana', contacts: [{ slack: '#ml' }] } },
    policies: { duty: { tiers: [{ targets: [{ responder: 'ana' }], ackWithin: '15m' }] } },
  };

  it('tells how its incident stands, at every turn', async () => {
    const story = storyOf(board);
    const reads = (): string =>
      [...story.phones.boards.values()].map(({ page }) => `${page.severity} ${page.status} ${page.reason}`).join();
    await story.value('latency', 'warn');
    await story.pass('2m');
    expect(reads()).toBe('warn triggered triggered');
    await story.press('acknowledge');
    await story.pass('1s');
    expect(reads()).toBe('warn acknowledged triggered');
    await story.value('latency', 'ok');
    await story.pass('10m');
    expect(reads()).toBe('warn resolved triggered');
    expect(story.pages()).toEqual(['0:01:30 triggered: responder/ana by slack:#ml']);
  });

  it('is edited once for many changes that come together', async () => {
    const story = storyOf(board);
    await story.value('latency', 'critical');
    await story.pass('10m');
    for (let i = 0; i < 500; i++) await story.value('latency', 'critical', { model: 'm', host: `h${i}` });
    await story.pass('61s');
    const edits = [...story.phones.boards.values()].map((one) => one.edits);
    expect(edits[0]).toBe(1);
    expect((await story.incident()).counts.critical).toBe(501);
  });

  it('that was crowded out by later ones is followed by a page when the incident is over', async () => {
    const people = Array.from({ length: 25 }, (_, i) => `p${i}`);
    const story = storyOf({
      responders: Object.fromEntries(people.map((name) => [name, { name, contacts: [{ slack: `#${name}` }] }])),
      policies: { duty: { tiers: people.map((responder) => ({ targets: [{ responder }], ackWithin: '1m' })) } },
    });
    await story.value('latency', 'critical');
    await story.pass('1h');
    await story.press('resolve');
    await story.pass('2m');
    const resolved = story.pages().filter((line) => line.includes('resolved:'));
    expect(resolved).toHaveLength(5);
    for (const { page } of story.phones.boards.values())
      if (page.reason !== 'resolved' && resolved.length === 0) expect(page.status).toBe('resolved');
  });

  it('that cannot be edited any more holds nothing up', async () => {
    const story = storyOf(board);
    await story.value('latency', 'critical');
    await story.pass('2m');
    story.phones.behave('slack:#ml', 'hangs');
    await story.press('acknowledge');
    await story.pass('1h');
    expect(await story.store.dueEffects(story.clock.now(), 10)).toEqual([]);
    expect(story.logged).toEqual([expect.stringMatching(/could not be brought up to date/)]);
  });
});

describe('a page that is under way', () => {
  /** A phone whose answer comes when the test says so. */
  function slowPhone(story: ReturnType<typeof storyOf>): { answer: () => void; sending: () => number } {
    const waiting: (() => void)[] = [];
    let sending = 0;
    const { send } = story.ports.channels.sns;
    story.ports.channels = {
      ...story.ports.channels,
      sns: {
        send: async (...page): Promise<SendResult> => {
          sending += 1;
          await new Promise<void>((resolve) => waiting.push(resolve));
          return send(...page);
        },
      },
    };
    return { answer: () => waiting.shift()?.(), sending: () => sending };
  }
  const pageOf = (story: ReturnType<typeof storyOf>): string =>
    story.decided.effects.find(({ kind }) => kind === 'page')?.id ?? 'no page';

  it('for longer than its lease is delivered by two workers under one key, and counts once', async () => {
    const story = storyOf({ settings: { pageInterval: '0s' } });
    const rings = story.ports.channels;
    const phone = slowPhone(story);
    await story.value('latency', 'critical');
    // Judging is done, and the page is due, before anything is delivered.
    story.clock.set(story.clock.now() + minute);
    await evaluate(story.ports, story.clock.now());
    const id = pageOf(story);
    const first = deliverEffect(story.ports, asEffectId(id), story.clock.now());
    while (phone.sending() < 1) await new Promise(setImmediate);
    story.clock.set(story.clock.now() + minute);
    const another = deliverEffect(story.ports, asEffectId(id), story.clock.now());
    while (phone.sending() < 2) await new Promise(setImmediate);
    phone.answer();
    phone.answer();
    await Promise.all([first, another]);
    story.ports.channels = rings;
    expect(story.phones.rung.map(({ key }) => key)).toEqual([id, id]);
    expect(await story.told('page delivered')).toHaveLength(1);
  });

  it('when its incident ends is followed by the news that it is over', async () => {
    const story = storyOf();
    const rings = story.ports.channels;
    const phone = slowPhone(story);
    await story.value('latency', 'critical');
    story.clock.set(story.clock.now() + minute);
    await evaluate(story.ports, story.clock.now());
    const delivery = deliverEffect(story.ports, asEffectId(pageOf(story)), story.clock.now());
    while (phone.sending() < 1) await new Promise(setImmediate);
    await story.value('latency', 'ok');
    await story.press('resolve', 'responder/ben');
    phone.answer();
    await delivery;
    story.ports.channels = rings;
    await story.pass('2m');
    expect(story.pages()).toEqual(['0:01 triggered: responder/ana by sns:ana', '0:02 resolved: responder/ana by sns:ana']);
  });
});

describe('pages of one target that are due at once', () => {
  const models = Array.from({ length: 12 }, (_, n) => `model-${n}`);

  it('travel together, however many workers find them at the same time, and each is delivered once', async () => {
    const story = storyOf({ settings: { groupBy: ['model'], pageInterval: '1m' } });
    for (const model of models) await story.value('latency', 'critical', { model });
    story.clock.set(story.clock.now() + minute);
    await evaluate(story.ports, story.clock.now());
    const due = async () => (await story.store.dueEffects(story.clock.now(), 100)).filter(({ effect }) => effect.kind === 'page');
    const all = (await due()).map(({ effect }) => effect.id);
    expect(all).toHaveLength(models.length);
    const atOnce = async (): Promise<void> => {
      const ids = (await due()).map(({ effect }) => effect.id);
      // As queues do: each is brought by a message of its own, and some by two.
      await Promise.all([...ids, ...ids.slice(0, 3)].map((id) => deliverEffect(story.ports, id, story.clock.now())));
    };
    await atOnce();
    expect(story.phones.rung).toHaveLength(1);
    expect(story.phones.rung[0]?.page.held.length).toBeGreaterThan(0);
    story.clock.set(story.clock.now() + minute);
    await atOnce();
    const told = story.phones.rung.flatMap(({ page }) => [page, ...page.held]);
    expect(told).toHaveLength(models.length);
    expect(story.phones.rung.length).toBeLessThanOrEqual(2);
    for (const id of all) expect((await story.store.effect(id))?.done).toBe(true);
  });

  it('leave the slot to others when their incidents are over before they go out', async () => {
    const story = storyOf({ settings: { groupBy: ['model'], pageInterval: '1m' } });
    await story.value('latency', 'critical', { model: 'a' });
    story.clock.set(story.clock.now() + minute);
    await evaluate(story.ports, story.clock.now());
    const [page] = (await story.store.dueEffects(story.clock.now(), 10)).filter(({ effect }) => effect.kind === 'page');
    await story.press('resolve', 'responder/ben');
    expect(await deliverEffect(story.ports, asEffectId(page?.effect.id ?? ''), story.clock.now())).toMatchObject({
      outcome: 'done',
    });
    expect(story.phones.rung).toEqual([]);
    await story.value('latency', 'critical', { model: 'b' });
    await story.pass('1m');
    expect(story.phones.rung).toHaveLength(1);
  });
});

describe('a wake', () => {
  it('that comes early, late, twice or from before a change decides nothing', async () => {
    const story = storyOf();
    await story.value('latency', 'critical');
    await story.pass('5m');
    const { id, generation } = await story.incident();
    await story.press('acknowledge');
    const before = await story.incident();
    for (const old of [generation, generation - 1, before.generation, 999]) {
      await wakeIncident(story.ports, id, old, story.clock.now() + 30 * minute);
      await wakeIncident(story.ports, id, old, story.clock.now() + 30 * minute);
    }
    for (const effect of story.decided.effects) {
      if (effect.kind === 'timer') await deliverEffect(story.ports, effect.id, story.clock.now() + 30 * minute);
    }
    expect(await story.incident()).toEqual(before);
  });
});
