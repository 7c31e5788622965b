import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import * as z from 'zod';
import type { ClockReading } from '../../core/selfcheck/clock/step.ts';
import type { Sql } from './sql.ts';

/** Identifies a process as well as possible: a pid alone may have been reused. */
const processSchema = z.object({
  host: z.string(),
  /** The id of the machine's current boot; empty if the system has none. */
  boot: z.string(),
  /** The pid namespace: containers have their own. */
  pidSpace: z.string(),
  pid: z.int(),
  /** When the process started, in the system's units. */
  started: z.string(),
});
const ownerSchema = processSchema.extend({
  id: z.string(),
  /** The owned file: a copy contains this record too, but nobody owns it. */
  device: z.number(),
  inode: z.number(),
  /** Grows while the owner lives. */
  beat: z.int(),
  /** The owner's clock in milliseconds since the epoch, and the time since boot. */
  at: z.number(),
  uptime: z.number(),
});

export type Process = z.output<typeof processSchema>;
/** A file's owner, from a record inside it, whatever name the file is opened by. */
export type Owner = z.output<typeof ownerSchema>;

/**
 * How often an owner shows that it is alive, and how long an unreachable owner is watched for that.
 */
export const beatEveryMs = 3000;
const watchedForMs = 8000;
const lookEveryMs = 200;

/** For a clock that is not the machine's. */
export const noUptime = -1;

const key = 'owner';
/** The pid of an owner that released its file. */
const ended = 0;

function textOf(read: () => string): string {
  try {
    return read().trim();
  } catch {
    return '';
  }
}

/** The fields after the name, which may contain spaces; field 22 is the start time. */
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

/** Whether the recorded process is alive; undefined if unknown from here. */
export function isAlive(other: Process, self: Process): boolean | undefined {
  if (other.pid === ended) return false;
  if (other.host !== self.host && other.boot !== self.boot) return undefined;
  // The machine has rebooted since.
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
 * Makes this process the owner. undefined: another live process is. One on another machine or in
 * another container is watched for some seconds: it owns the file if its record keeps changing.
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
  // Two concurrent starts are serialised here.
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

/** Shows that the owner is alive. undefined: another process took over. Call in a transaction. */
export function beat(sql: Sql, owner: Owner, now: ClockReading): Owner | undefined {
  if (readOwner(sql)?.id !== owner.id) return undefined;
  const next = { ...owner, beat: owner.beat + 1, ...now };
  writeOwner(sql, next);
  return next;
}

/** Releases the file to the next owner; the clock note stays. Call in a transaction. */
export function release(sql: Sql, owner: Owner): void {
  if (readOwner(sql)?.id === owner.id) writeOwner(sql, { ...owner, pid: ended });
}

function sleepMs(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
