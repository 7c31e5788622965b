import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import * as z from 'zod';
import type { ClockReading } from '../../core/selfcheck/clock/step.ts';
import type { Sql } from './sql.ts';

/** A process, as well as one can be named: a pid alone may belong to another one by now. */
const processSchema = z.object({
  host: z.string(),
  /** Which start of the machine; empty where the system does not tell. */
  boot: z.string(),
  /** In which space pids are counted, for containers have their own. */
  pidSpace: z.string(),
  pid: z.int(),
  /** When the process began, as the system counts it. */
  started: z.string(),
});
const ownerSchema = processSchema.extend({
  id: z.string(),
  /** The file that it owns: a copy of it has this record too, and is nobody's. */
  device: z.number(),
  inode: z.number(),
  /** Grows while the owner lives. */
  beat: z.int(),
  /** Milliseconds since the epoch by the clock of the owner, and since the machine was started. */
  at: z.number(),
  uptime: z.number(),
});

export type Process = z.output<typeof processSchema>;
/** Who owns a file, as a record inside it says, under whatever name the file is opened. */
export type Owner = z.output<typeof ownerSchema>;

/** How often an owner shows that it lives, and for how long one that cannot be asked is watched for that. */
export const beatEveryMs = 3000;
const watchedForMs = 8000;
const lookEveryMs = 200;

/** Of a clock that is not that of the machine. */
export const noUptime = -1;

const key = 'owner';
/** The pid of an owner that has left its file. */
const ended = 0;

function textOf(read: () => string): string {
  try {
    return read().trim();
  } catch {
    return '';
  }
}

/** The fields after the name, which may hold spaces itself; the 22nd field is when the process began. */
const startOf = (pid: number): string =>
  textOf(
    () =>
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')[19] ?? '',
  );

export const thisProcess = (): Process => ({
  host: hostname(),
  boot: textOf(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
  pidSpace: textOf(() => readlinkSync('/proc/self/ns/pid')),
  pid: process.pid,
  started: startOf(process.pid),
});

/** Whether the process that is named in a record lives; undefined where that cannot be told from here. */
export function isAlive(other: Process, self: Process): boolean | undefined {
  if (other.pid === ended) return false;
  if (other.host !== self.host && other.boot !== self.boot) return undefined;
  // The machine has been started anew since.
  if (other.boot !== self.boot) return false;
  if (other.pidSpace !== self.pidSpace) return undefined;
  try {
    process.kill(other.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const started = startOf(other.pid);
  return started === '' || other.started === '' ? undefined : started === other.started;
}

export function readOwner(sql: Pick<Sql, 'get'>): Owner | undefined {
  const text = sql.get<{ value: string }>('SELECT value FROM meta WHERE key = ?', key)?.value;
  if (text === undefined || text === '') return undefined;
  try {
    return ownerSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function writeOwner(sql: Sql, owner: Owner | undefined): void {
  const text = 'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value';
  sql.run(text, key, owner === undefined ? '' : JSON.stringify(owner));
}

export type Claimed = { owner: Owner; before: Owner | undefined };

/**
 * Makes this process the owner of the file. undefined: another one that lives is. One that cannot be asked, on another
 * machine or in another container, is watched for some seconds: it owns the file as long as its record changes.
 */
export function claim(
  sql: Sql,
  path: string,
  now: ClockReading,
  { self = thisProcess(), sleep = sleepMs }: { self?: Process; sleep?: (ms: number) => void } = {},
): Claimed | undefined {
  const { dev, ino } = statSync(path);
  const isOfThisFile = ({ device, inode, boot }: Owner): boolean => inode === ino && (device === dev || boot !== self.boot);
  const watched = readOwner(sql);
  if (watched !== undefined && isOfThisFile(watched) && isAlive(watched, self) === undefined) {
    for (let waited = 0; waited < watchedForMs; waited += lookEveryMs) {
      sleep(lookEveryMs);
      const seen = readOwner(sql);
      if (seen?.id !== watched.id || seen.beat !== watched.beat) break;
    }
  }
  // Two that start at the same time come one after the other here.
  return sql.transaction(() => {
    const before = readOwner(sql);
    if (before !== undefined && isOfThisFile(before)) {
      const lives = isAlive(before, self) ?? (before.id !== watched?.id || before.beat !== watched.beat);
      if (lives) return undefined;
    }
    const owner: Owner = { ...self, id: randomUUID(), device: dev, inode: ino, beat: 1, ...now };
    writeOwner(sql, owner);
    return { owner, before };
  });
}

/** Shows that the owner lives. undefined: the file is another's by now. To be called in a transaction. */
export function beat(sql: Sql, owner: Owner, now: ClockReading): Owner | undefined {
  if (readOwner(sql)?.id !== owner.id) return undefined;
  const next = { ...owner, beat: owner.beat + 1, ...now };
  writeOwner(sql, next);
  return next;
}

/** Leaves the file to the next owner; what was noted of the clock stays. To be called in a transaction. */
export function release(sql: Sql, owner: Owner): void {
  if (readOwner(sql)?.id === owner.id) writeOwner(sql, { ...owner, pid: ended });
}

function sleepMs(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
