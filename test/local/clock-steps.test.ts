import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deliverDue } from '../../app/deliver/deliver.ts';
import { evaluate } from '../../app/evaluate/evaluate.ts';
import type { Ports } from '../../app/ports/ports.ts';
import { sweepIncidents } from '../../app/respond/escalate.ts';
import { httpApp } from '../../http/app.ts';
import { allParts } from '../../http/parts/all.ts';
import { steadyClock } from '../../local/clock.ts';
import { guardStore } from '../../local/store/guard-store.ts';
import { sqliteStore } from '../../stores/sqlite/index.ts';
import { exampleEntry } from '../contract/store-examples.ts';
import { heldToDocument } from '../http/contract/held-to-document.ts';
import { configOf, hour, minute, type Part, portsOf, ruleOn, second, t0 } from '../scenario/harness.ts';
import { fakeHook, fakePhones } from '../scenario/outside.ts';

const day = 24 * hour;

/** The clocks of a machine, which a test moves. */
function machineAt(wall: number) {
  const shown = { wall, monotonic: 0, uptime: 50_000 };
  const clocks = { wall: () => shown.wall, monotonic: () => shown.monotonic, uptime: () => shown.uptime };
  return {
    clocks,
    pass(ms: number) {
      shown.wall += ms;
      shown.monotonic += ms;
      shown.uptime += ms;
    },
    sleep(ms: number) {
      shown.wall += ms;
      shown.uptime += ms;
    },
    step(ms: number) {
      shown.wall += ms;
    },
    restart() {
      shown.monotonic = 0;
    },
  };
}

describe('the clock of the service', () => {
  it('shows a step only once what is stored has been moved with it', () => {
    const machine = machineAt(t0);
    const clock = steadyClock(machine.clocks);
    machine.pass(5 * second);
    machine.step(day);
    expect(clock.now()).toBe(t0 + 5 * second);
    machine.pass(second);
    expect(clock.steps.pending()).toEqual({ from: t0 + 6 * second, to: t0 + day + 6 * second });
    clock.steps.settle();
    expect(clock.now()).toBe(t0 + day + 6 * second);
    machine.step(-day);
    expect(clock.now()).toBe(t0 + day + 6 * second);
    expect(clock.steps.pending()).toEqual({ from: t0 + day + 6 * second, to: t0 + 6 * second });
  });

  it('takes two steps that undo each other for none', () => {
    const machine = machineAt(t0);
    const clock = steadyClock(machine.clocks);
    machine.step(day);
    expect(clock.now()).toBe(t0);
    machine.step(-day);
    expect([clock.now(), clock.steps.pending()]).toEqual([t0, undefined]);
  });

  it('follows small corrections and sleep at once, for that time has passed', () => {
    const machine = machineAt(t0);
    const clock = steadyClock(machine.clocks);
    for (let n = 0; n < 20; n += 1) {
      machine.step(2 * second);
      machine.pass(second);
      expect(clock.now()).toBe(t0 + (n + 1) * 3 * second);
    }
    machine.step(-2 * second);
    expect(clock.now()).toBe(t0 + 58 * second);
    machine.sleep(8 * hour);
    expect([clock.now(), clock.steps.pending()]).toEqual([t0 + 58 * second + 8 * hour, undefined]);
  });
});

let folder: string;
let closing: (() => Promise<void>)[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-clock-'));
  closing = [];
});
afterEach(async () => {
  for (const close of closing) await close();
  rmSync(folder, { recursive: true, force: true });
});

const part: Part = {
  sources: {
    pushed: { kind: 'samples' },
    prometheus: { kind: 'alerts', category: 'availability', runbook: 'latency-spike', endsAfter: '5m' },
  },
  rules: { slow: ruleOn('latency', { query: { samples: { metric: 'latency', statistic: 'max' } } }) },
  settings: { groupBy: ['model'], groupWait: '30s' },
};

/** The service on a machine, with its file; `restart` ends it and starts it again. */
function serviceOn(machine: ReturnType<typeof machineAt>, over: Part = {}) {
  const phones = fakePhones({ now: machine.clocks.wall });
  const logged: string[] = [];
  const open = () => {
    const clock = steadyClock(machine.clocks);
    const store = sqliteStore({ path: join(folder, 'store.db'), durability: 'normal', releaseLeases: true });
    const log: Ports['log'] = (level, message) => void logged.push(`${level}: ${message}`);
    const guarded = guardStore(store, { path: 'store.db', clock, log, ports: () => ports });
    const config = configOf({ ...part, ...over });
    const world = { config, clock: clock as never, phones, hook: fakeHook() };
    const ports: Ports = portsOf({ ...world, store: guarded.guard.running }, { log, observe: () => {} });
    const app = heldToDocument(
      httpApp({
        parts: allParts,
        ports: { ...ports, store: guarded.guard.asked },
        alertPorts: { ...ports, store: guarded.guard.alerts },
        condition: guarded.condition,
        now: clock.now,
        runbooks: new Map(),
        access: 'local',
      }),
    );
    return { clock, store, guarded, ports, app };
  };
  let now = open();
  closing.push(() => now.guarded.close());
  const turn = async (): Promise<void> => {
    await now.guarded.look();
    const at = now.clock.now();
    await evaluate(now.ports, at);
    await deliverDue(now.ports, at);
    if ((await sweepIncidents(now.ports, at)) > 0) await deliverDue(now.ports, at);
  };
  const post = (to: string, body: unknown = {}) =>
    now.app.request(to, { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } });
  return {
    logged,
    machine,
    phones,
    ports: () => now.ports,
    post,
    turn,
    async pass(ms: number) {
      const each = ms > 30 * minute ? 5 * minute : 30 * second;
      for (let left = ms; left > 0; left -= each) {
        machine.pass(Math.min(left, each));
        await turn();
      }
    },
    async restart({ machineToo = false, forget = false } = {}) {
      await now.guarded.close();
      machine.restart();
      if (forget) {
        const file = new DatabaseSync(join(folder, 'store.db'));
        file.exec("DELETE FROM meta WHERE key = 'owner'");
        file.close();
      }
      if (machineToo) {
        const file = new DatabaseSync(join(folder, 'store.db'));
        file.exec("UPDATE meta SET value = json_set(value, '$.boot', 'the one before') WHERE key = 'owner'");
        file.close();
      }
      now = open();
      await turn();
    },
    sample: (value: number) =>
      post('/v1/samples', { metric: 'latency', value, timestamp: machine.clocks.wall(), labels: { model: 'm' } }),
    alert: (ends?: number, severity = 'critical') =>
      post('/api/v2/alerts', [
        {
          labels: { alertname: 'Down', severity, model: 'm' },
          ...(ends === undefined ? {} : { endsAt: new Date(ends).toISOString() }),
        },
      ]),
    pages: () => phones.rung.map(({ contact, page }) => `${page.reason}: ${contact}`),
    incident: async () => (await now.store.incidents({ status: 'all', limit: 1 }))[0],
    store: () => now.store,
    now: () => now.clock.now(),
    health: async () =>
      (await now.app.request('/healthz')).json() as Promise<{ reasons: { kind: string }[]; clockStep?: object }>,
  };
}
type Service = ReturnType<typeof serviceOn>;

/**
 * A clock that runs a day ahead for some minutes and is right again, while the service runs, or is
 * started anew.
 */
const ways: [string, (service: Service, during: () => Promise<void>) => Promise<void>][] = [
  [
    'stepped ahead a day and back',
    async ({ machine, turn }, during) => {
      machine.step(day);
      await turn();
      await during();
      machine.step(-day);
      await turn();
    },
  ],
  [
    'stepped ahead a day, and back while the service did not run',
    async ({ machine, turn, restart }, during) => {
      machine.step(day);
      await turn();
      await during();
      machine.step(-day);
      await restart();
    },
  ],
  [
    'stepped ahead a day, and was right again when the machine was started anew',
    async ({ machine, turn, restart }, during) => {
      machine.step(day);
      await turn();
      await during();
      machine.step(-day);
      await restart({ machineToo: true });
    },
  ],
  [
    'ran a day ahead when the service was started, and was set right under it',
    async ({ machine, turn, restart }, during) => {
      machine.step(day);
      await restart();
      await during();
      machine.step(-day);
      await turn();
    },
  ],
];

describe.each(ways)('a clock that %s', (_, way) => {
  it('neither puts a first page off nor sends it early', async () => {
    const service = serviceOn(machineAt(t0));
    await way(service, async () => {
      await service.alert(service.machine.clocks.wall() + 2 * day, 'warn');
      await service.turn();
    });
    expect(service.pages()).toEqual([]);
    await service.pass(minute);
    expect(service.pages()).toEqual(['triggered: sns:ana']);
  });

  it('lets what waits for the rate limit, or for another try, go out when it would have gone', async () => {
    const service = serviceOn(machineAt(t0));
    service.phones.behave('sns:ana', { busyForMs: 2 * minute });
    await way(service, async () => {
      await service.alert(t0 + 9 * day);
      await service.turn();
    });
    service.phones.behave('sns:ana', 'rings');
    await service.pass(minute);
    expect(service.pages()).toEqual([]);
    await service.pass(2 * minute);
    expect(service.pages()).toEqual(['triggered: sns:ana']);
  });

  it('keeps escalation at its pace: no tier early, none late', async () => {
    const service = serviceOn(machineAt(t0));
    await service.alert(t0 + 9 * day);
    await service.pass(10 * minute);
    await way(service, () => service.pass(2 * minute));
    expect(service.pages()).toEqual(['triggered: sns:ana']);
    await service.pass(5 * minute);
    expect(service.pages()).toEqual(['triggered: sns:ana', 'escalated: sns:ben']);
  });

  it('lets what was acknowledged in between stay so for as long as the policy says', async () => {
    const service = serviceOn(machineAt(t0));
    await service.alert(t0 + 9 * day);
    await service.pass(minute);
    await way(service, async () => {
      await service.post(`/api/incidents/${(await service.incident())?.id}/acknowledge`);
    });
    await service.pass(3 * hour);
    expect(service.pages()).toEqual(['triggered: sns:ana']);
    await service.pass(hour + minute);
    expect(service.pages()).toEqual(['triggered: sns:ana', 'ack timed out: sns:ana']);
  });

  it('lets an alert of another system end when it is not sent again', async () => {
    const service = serviceOn(machineAt(t0));
    await way(service, async () => {
      await service.alert();
      await service.pass(minute);
    });
    await service.pass(5 * minute);
    expect((await service.store().alerts()).filter(({ state }) => state === 'firing')).toEqual([]);
  });

  it('lets an alert of a rule fire and end by what is measured, also where samples lie ahead', async () => {
    const service = serviceOn(machineAt(t0));
    await way(service, async () => {
      await service.sample(250);
      await service.pass(minute);
      expect(await service.store().alerts()).toMatchObject([{ state: 'firing' }]);
    });
    await service.sample(10);
    await service.pass(2 * minute);
    expect((await service.store().alerts()).filter(({ state }) => state === 'firing')).toEqual([]);
    await service.sample(250);
    await service.pass(2 * minute);
    expect(await service.store().alerts()).toMatchObject([{ state: 'firing' }]);
  });

  it('makes a silence of two hours no longer and no shorter', async () => {
    const service = serviceOn(machineAt(t0));
    await service.post('/api/silences', { match: { model: 'before' }, durationMs: 2 * hour });
    await way(service, async () => {
      await service.post('/api/silences', { match: { model: 'm' }, durationMs: 2 * hour });
    });
    const left = (await service.store().silences(service.now())).map(({ until }) => until - service.now());
    expect(left).toEqual([2 * hour, 2 * hour]);
  });

  it('is said by the log and by /healthz, from when to when', async () => {
    const service = serviceOn(machineAt(t0));
    await service.turn();
    await way(service, async () => {});
    const [to, from] = [t0, t0 + day].map((at) => new Date(at).toISOString());
    expect(await service.health()).toMatchObject({
      clockStep: { from, to },
      reasons: expect.arrayContaining([
        { kind: 'clock stepped', text: expect.stringContaining('back by 1d, from 2026-01-06 09:00 UTC to 2026-01-05 09:00 UTC') },
      ]),
    });
    expect(service.logged.filter((line) => line.includes('the clock stepped'))).toEqual([
      expect.stringContaining('ahead by 1d'),
      expect.stringContaining('back by 1d'),
    ]);
    await service.pass(hour + minute);
    expect((await service.health()).reasons.filter(({ kind }) => kind === 'clock stepped')).toEqual([]);
  });
});

it('times ahead of now are put right at the start also where no clock was noted in the file', async () => {
  const service = serviceOn(machineAt(t0 + day));
  await service.alert(t0 + 9 * day);
  await service.pass(10 * minute);
  await service.store().setMeta('vitals', JSON.stringify({ at: service.now(), open: 1 }));
  await service.store().setMeta('consistency check', 'no json');
  service.machine.step(-day);
  await service.restart({ forget: true });
  await service.pass(4 * minute);
  expect(service.pages()).toEqual(['triggered: sns:ana']);
  await service.pass(2 * minute);
  expect(service.pages()).toEqual(['triggered: sns:ana', 'escalated: sns:ben']);
});

describe('no step of the clock', () => {
  it('is what a machine has slept: what became due meanwhile is due', async () => {
    const service = serviceOn(machineAt(t0));
    await service.alert(t0 + 9 * day);
    await service.pass(minute);
    service.machine.sleep(8 * hour);
    await service.turn();
    expect(service.pages()).toEqual(['triggered: sns:ana', 'escalated: sns:ben']);
    expect(service.logged.filter((line) => line.includes('stepped'))).toEqual([]);
  });

  it('is a correction by two seconds', async () => {
    const service = serviceOn(machineAt(t0));
    await service.alert(t0 + 9 * day);
    await service.pass(minute);
    const before = await service.incident();
    for (const by of [2 * second, -2 * second]) {
      service.machine.step(by);
      await service.turn();
    }
    expect(await service.incident()).toEqual(before);
  });
});

describe('while the clock steps', () => {
  it('a decision that was under way by the time before does not stand', async () => {
    const service = serviceOn(machineAt(t0));
    const entry = (at: number) => ({ ...exampleEntry(), at, version: at });
    const commit = (at: number) => service.ports().store.commit({ writes: [], timeline: [entry(at)], effects: [], done: [] });
    for (const by of [day, -day]) {
      const before = service.now();
      expect(await commit(before)).toBe('committed');
      service.machine.step(by);
      await service.turn();
      await expect(commit(before + 1)).rejects.toThrow(/when the clock stepped/);
      expect(await commit(service.now() + second)).toBe('committed');
    }
  });

  it('what a store that is locked could not move waits, and time goes on as before until then', async () => {
    const service = serviceOn(machineAt(t0));
    await service.alert(t0 + 9 * day);
    await service.pass(10 * minute);
    const other = new DatabaseSync(join(folder, 'store.db'));
    other.exec('BEGIN IMMEDIATE');
    service.machine.step(day);
    await service.pass(2 * minute);
    expect(service.now()).toBe(t0 + 12 * minute);
    other.exec('ROLLBACK');
    other.close();
    await service.turn();
    expect(service.now()).toBe(t0 + day + 12 * minute);
    const calls = () => service.pages().filter((page) => !page.endsWith('room'));
    expect(calls()).toEqual(['triggered: sns:ana']);
    await service.pass(5 * minute);
    expect(calls()).toEqual(['triggered: sns:ana', 'escalated: sns:ben']);
  });

  it('what would have expired by a clock that stepped ahead is kept', async () => {
    const service = serviceOn(machineAt(t0));
    await service.sample(10);
    const [series] = await service.store().series('pushed', 'latency');
    if (series === undefined) throw new Error('expected a series');
    const count = async () => (await service.store().buckets([{ series, from: t0, to: t0 + minute }]))[0]?.length;
    service.machine.step(400 * day);
    await service.turn();
    await service.ports().store.prune(service.now());
    expect(await count()).toBe(1);
    await service.store().prune(service.now());
    expect(await count()).toBe(0);
  });
});
