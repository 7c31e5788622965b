import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { foldSamples } from '../../app/ingest/ingest.ts';
import type { Ports } from '../../app/ports/ports.ts';
import { checkConsistency } from '../../app/selfcheck/consistency-check.ts';
import { pingIfWell } from '../../app/selfcheck/dead-mans-ping.ts';
import { watchQuarantine } from '../../app/selfcheck/quarantine.ts';
import { noteVitals, readNotes } from '../../app/selfcheck/vitals.ts';
import { healthOf } from '../../core/selfcheck/vitals/vitals.ts';
import { type VirtualClock, virtualClock } from '../../local/clock.ts';
import { virtualRun } from '../../local/run/virtual-run.ts';
import { type SqliteStore, sqliteStore } from '../../stores/sqlite/index.ts';
import { configOf, levels, minute, portsOf, t0, timeOf } from './harness.ts';
import { fakeHook, fakePhones, type Phones } from './outside.ts';

/** One process whose file another one damages; it reads everything from the file. */
let folder: string;
let store: SqliteStore;
let ports: Ports;
let clock: VirtualClock;
let phones: Phones;
let logged: string[];
let batch: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-damage-'));
  store = sqliteStore({ path: join(folder, 'store.db'), durability: 'normal', cachedAlerts: 0, cachedBriefs: 0 });
  clock = virtualClock(t0);
  phones = fakePhones(clock);
  logged = [];
  batch = 0;
  const world = { config: configOf({ settings: { groupWait: '0s' } }), store, clock, phones, hook: fakeHook() };
  ports = portsOf(world, {
    log: (level, message, fields) => void logged.push(`${level}: ${message} ${JSON.stringify(fields)}`),
    observe: () => {},
  });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

async function critical(minutes: number): Promise<void> {
  for (let n = 0; n < minutes; n += 1) {
    const sample = { metric: 'latency', value: levels.critical, timestamp: clock.now(), labels: { model: 'm' } };
    await foldSamples(ports, 'pushed', [sample], `batch ${batch++}`, clock.now());
    await virtualRun({ ports, clock, events: [], until: clock.now() + minute });
  }
}

function damage(table: string, where = '1'): void {
  const db = new DatabaseSync(join(folder, 'store.db'));
  db.exec(`UPDATE ${table} SET doc = substr(doc, 1, length(doc) - 5) WHERE ${where}`);
  db.close();
}

/** What is done every minute. */
async function sweep(): Promise<void> {
  await store.incidents({ status: 'open', limit: 9 });
  await watchQuarantine(ports, clock.now());
  await noteVitals(ports, clock.now());
}

const pages = (): string[] => phones.rung.map(({ at, contact, page }) => `${timeOf(at)} ${contact}: ${page.title}`);

it('an open incident that cannot be read pages the fallback once, with its alerts, which begin another one', async () => {
  await critical(3);
  const [lost] = await store.incidents({ status: 'open', limit: 9 });
  expect(pages()).toEqual(['0:01 sns:ana: slow (m, live)']);
  damage('incidents');
  await sweep();
  const page = phones.rung.at(-1)?.page;
  expect(pages().at(-1)).toBe(`0:03 sns:room: Tocsin cannot read the open incident ${lost?.id}`);
  expect(page).toMatchObject({ severity: 'critical', category: 'latency', incidentId: lost?.id, alertCount: 1 });
  expect(page?.why).toMatch(/not JSON.*set aside and is not escalated any more.*tocsin quarantine$/);
  expect(page?.alerts).toMatchObject([{ ruleId: 'slow', labels: { model: 'm' } }]);

  // Whoever is on call hears of it by the new one, and nobody twice.
  await critical(2);
  await sweep();
  const open = await store.incidents({ status: 'open', limit: 9 });
  expect(open.map(({ counts }) => counts.critical)).toEqual([1]);
  expect(open[0]?.id).not.toBe(lost?.id);
  expect(pages().slice(2)).toEqual(['0:03 sns:ana: slow (m, live)']);
  expect(logged.filter((line) => line.includes('could not be read'))).toHaveLength(1);
});

it('health says so and the ping is withheld until it is dropped', async () => {
  await critical(2);
  damage('incidents');
  await sweep();
  const found = async () => healthOf({ vitals: (await readNotes(ports)).vitals }, clock.now());
  expect(await found()).toMatchObject({
    status: 'degraded',
    reasons: [
      {
        kind: 'quarantine',
        text: 'a stored record could not be read and was quarantined (1 of kind incident); see: tocsin quarantine',
      },
    ],
  });
  const pinged = {
    ...ports,
    config: {
      ...ports.config,
      settings: { ...ports.config.settings, deadMansPing: { url: 'https://ping.example', every: minute } },
    },
  };
  expect(await pingIfWell(pinged, async () => {}, clock.now())).toMatchObject({ outcome: 'withheld' });
  const [entry] = await store.quarantined(9);
  expect(entry).toMatchObject({ kind: 'incident', urgent: true, toldAt: clock.now() });
  await store.dropQuarantined('incident', entry?.id ?? '');
  await sweep();
  expect(await found()).toMatchObject({ status: 'ok', reasons: [] });
});

it('is tried again until somebody was reached', async () => {
  await critical(2);
  phones.behave('sns:room', 'hangs');
  damage('incidents');
  await sweep();
  expect(pages().filter((line) => line.includes('cannot read'))).toEqual([]);
  phones.behave('sns:room', 'rings');
  await sweep();
  await sweep();
  expect(pages().filter((line) => line.includes('cannot read'))).toHaveLength(1);
  const keys = phones.tries.filter(({ contact }) => contact === 'sns:room').map(({ key }) => key);
  expect(new Set(keys).size).toBe(1);
});

it('a page that cannot be read pages the fallback, a delivered one nobody', async () => {
  phones.behave('sns:ana', 'hangs');
  await critical(1);
  damage('effects', "done = 0 AND doc ->> 'kind' = 'page'");
  await store.dueEffects(Number.MAX_SAFE_INTEGER, 9);
  await sweep();
  await sweep();
  expect(pages().filter((line) => line.includes('cannot read'))).toEqual([
    expect.stringMatching(/sns:room: Tocsin cannot read the page .+#\d+#\d+$/),
  ]);
  damage('effects', 'done = 1');
  await sweep();
  expect(pages().filter((line) => line.includes('cannot read'))).toHaveLength(1);
});

it('a rule goes on from nothing where its alert cannot be read, and nobody is called for that', async () => {
  await critical(3);
  damage('alerts');
  await critical(9);
  await sweep();
  expect(await store.alerts()).toMatchObject([{ ruleId: 'slow', state: 'firing', since: t0 + 4 * minute }]);
  // Its incident had counted it; the auditor finds that it is gone.
  await checkConsistency(ports, clock.now());
  expect((await store.incidents({ status: 'open', limit: 9 })).map(({ counts }) => counts.critical)).toEqual([1]);
  expect(pages().filter((line) => line.includes('cannot read'))).toEqual([]);
  expect(await store.quarantined(9)).toMatchObject([{ kind: 'alert', urgent: false, toldAt: clock.now() }]);
});
