import { execFileSync } from 'node:child_process';
import { appendFileSync, copyFileSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ConfigInput } from '../../core/config/schema.ts';
import { alertPayload, hookSecret, pushConfig } from './config.ts';
import { type Receiver, receiver } from './receiver.ts';
import { mustBe, type Row } from './result.ts';
import { type Place, placeOf, type Running, startService } from './service.ts';

/**
 * Ana, then ben five seconds later, then the fallback: each by an address of their own at the
 * receiver.
 */
const escalating = (url: string): ConfigInput => {
  const person = (name: string) => ({ name, contacts: [{ webhook: { url: `${url}/${name}`, secret: 'HOOK_SECRET' } }] });
  return {
    ...pushConfig(url),
    responders: { ana: person('ana'), ben: person('ben') },
    channels: { room: { webhook: { url: `${url}/room`, secret: 'HOOK_SECRET' } } },
    policies: {
      duty: {
        tiers: [
          { targets: [{ responder: 'ana' }], ackWithin: '5s' },
          { targets: [{ responder: 'ben' }], ackWithin: '1h' },
        ],
        fallback: { channel: 'room' },
      },
    },
  };
};

async function until(what: string, holds: () => boolean | Promise<boolean>, withinMs = 30_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`expected within ${withinMs / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const post = async (service: Running, at: string, body: unknown): Promise<number> => {
  const headers = { 'Content-Type': 'application/json' };
  return (await fetch(`${service.url}${at}`, { method: 'POST', body: JSON.stringify(body), headers })).status;
};
const alert = (service: Running, model: string) => post(service, '/api/v2/alerts', [alertPayload(model)]);
const health = async (service: Running): Promise<number> => (await fetch(`${service.url}/healthz`)).status;
const pagesOf = ({ pages }: Receiver, model: string, reason: string): number =>
  new Set(
    pages
      .filter((page) => page.model === model && page.reason === reason && !page.key.includes('#unstored'))
      .map(({ key }) => key),
  ).size;
const repeatsOf = ({ pages }: Receiver): number => pages.length - new Set(pages.map(({ key }) => key)).size;

type Loss = {
  name: string;
  begin(place: Place, service: Running): Promise<void> | void;
  /** Absent where only a restart mends it. */
  end?(place: Place): void;
  /** Alerts that came meanwhile are stored in the end. */
  keeps: boolean;
};

/** One incident is open when the store is lost, another one begins meanwhile. */
async function lose(loss: Loss, place: Place, phone: Receiver): Promise<Row[]> {
  const name = (what: string): string => `${loss.name}: ${what}`;
  const rows: Row[] = [];
  const service = await startService(place, hookSecret);
  try {
    await alert(service, 'before');
    await until('the first page', () => pagesOf(phone, 'before', 'triggered') === 1);
    await loss.begin(place, service);
    await until('healthz says so', async () => {
      await alert(service, 'meanwhile');
      return (await health(service)) === 503;
    });
    rows.push(mustBe(name('answer to an alert'), await alert(service, 'meanwhile'), 503));
    rows.push(
      mustBe(
        name('answer to a sample'),
        await post(service, '/v1/samples', { metric: 'latency', value: 1, timestamp: Date.now() }),
        503,
      ),
    );
    rows.push(mustBe(name('the pages of people'), (await fetch(service.url)).status, 200));
    await until('the new critical is paged', () => pagesOf(phone, 'meanwhile', 'triggered') === 1);
    await until('the old one escalates', () => pagesOf(phone, 'before', 'escalated') === 1);
    await until('the fallback is told', () =>
      phone.pages.some(({ key }) => key.includes('#unstored') || key.startsWith('store#')),
    );
    rows.push(mustBe(name('new pages meanwhile'), pagesOf(phone, 'meanwhile', 'triggered'), 1));
    rows.push(mustBe(name('escalations meanwhile'), pagesOf(phone, 'before', 'escalated'), 1));
    if (loss.end === undefined) return rows;
    loss.end(place);
    await until('it goes on by itself', async () => (await health(service)) === 200);
    rows.push(mustBe(name('answer to an alert afterwards'), await alert(service, 'meanwhile'), 200));
    await service.kill('SIGTERM');
    rows.push(mustBe(name('pages sent twice'), repeatsOf(phone), 0));
    const db = new DatabaseSync(place.store, { readOnly: true });
    const stored = db.prepare('SELECT count(*) AS n FROM incidents').get() as { n: number };
    db.close();
    rows.push(mustBe(name('incidents stored in the end'), stored.n, loss.keeps ? 2 : 1));
    return rows;
  } finally {
    await service.kill('SIGKILL');
  }
}

async function each(losses: readonly Loss[], where?: (place: Place) => () => void): Promise<Row[]> {
  const rows: Row[] = [];
  for (const loss of losses) {
    const phone = await receiver();
    const place = placeOf(escalating(phone.url));
    const leave = where?.(place);
    try {
      rows.push(...(await lose(loss, place, phone)));
    } catch (error) {
      rows.push({ name: loss.name, value: String(error), ok: false });
    } finally {
      leave?.();
      await phone.close();
      place.remove();
    }
  }
  return rows;
}

let lock: DatabaseSync | undefined;
const locked: Loss = {
  name: 'locked',
  keeps: true,
  begin({ store }) {
    lock = new DatabaseSync(store);
    lock.exec('BEGIN IMMEDIATE');
  },
  end() {
    lock?.exec('ROLLBACK');
    lock?.close();
  },
};
const filler = (place: Place): string => join(place.folder, 'disk', 'filler');
const full: Loss = {
  name: 'full',
  keeps: true,
  begin(place) {
    try {
      for (;;) appendFileSync(filler(place), Buffer.alloc(4096));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  },
  end: (place) => rmSync(filler(place)),
};

/** A disk of 16 MB, which only root may make. */
function smallDisk(place: Place): () => void {
  const disk = join(place.folder, 'disk');
  mkdirSync(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', disk]);
  place.store = join(disk, 'tocsin.sqlite');
  return () => execFileSync('umount', ['-l', disk]);
}

/** The store is on a disk that is full, and locked by another process. */
export async function disk(): Promise<Row[]> {
  const rows = await each([locked]);
  if (process.getuid?.() !== 0) return [...rows, { name: 'full', value: 'left out: a small disk takes root to mount' }];
  try {
    rows.push(...(await each([full], smallDisk)));
  } catch (error) {
    rows.push({ name: 'full', value: `left out: no small disk could be mounted (${String(error)})` });
  }
  return rows;
}

const deleted: Loss = { name: 'deleted', keeps: false, begin: ({ store }) => rmSync(store) };
const moved: Loss = {
  name: 'moved away and back',
  keeps: true,
  begin: ({ store }) => renameSync(store, `${store}.away`),
  end: ({ store }) => renameSync(`${store}.away`, store),
};
const replaced: Loss = {
  name: 'replaced by a copy',
  keeps: false,
  begin({ store }) {
    copyFileSync(store, `${store}.copy`);
    renameSync(`${store}.copy`, store);
  },
};

/** The file of the store is deleted, moved away or replaced while the service runs. */
export const file = (): Promise<Row[]> => each([deleted, moved, replaced]);
