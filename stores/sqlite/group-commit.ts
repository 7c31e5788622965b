import type { Disk } from './disk.ts';
import type { Sql } from './sql.ts';

export type JobOptions<T> = {
  /**
   * Whether `work`'s writes are kept. Otherwise they are undone; the result is returned either way.
   */
  stands?: (result: T) => boolean;
  /**
   * Called as soon as the job succeeded, before the next job of the group, so that memory follows
   * the file. Never throws.
   */
  kept?: (result: T) => void;
  /**
   * May be lost in a power cut: it causes no flush. It is answered when what was written before it
   * is on disk, and survives a crash of the process.
   */
  losable?: boolean;
  /**
   * Nobody waits for the answer, so it shares the flush of a later job: the writes are made at
   * once, and answered when some flush has covered them, at the latest one of its own.
   */
  patient?: boolean;
  /**
   * Tried first, when it is the job's turn: a result that needs nothing of the file, and so no
   * flush. Undefined: `work` has to be done.
   */
  inMemory?: () => T | undefined;
};

export type GroupCommit = {
  /**
   * `work` is synchronous. Its result is returned once it is on disk. If it throws, only its own
   * writes are undone, and the caller gets the error.
   */
  write<T>(work: () => T, options?: JobOptions<T>): Promise<T>;
  /** Carries out waiting jobs now, and flushes what waits for a flush. */
  flush(): void;
  /**
   * What may be read already, and a power cut may still undo: resolves when it is on disk, rejects
   * if it cannot be. undefined: nothing.
   */
  unsettled(): Promise<void> | undefined;
};

type Job = Omit<JobOptions<never>, 'inMemory'> & {
  inMemory?: () => never | undefined;
  work: () => never;
  resolve: (result: never) => void;
  reject: (error: unknown) => void;
};
/** `isWritten`: in the file, and not in memory alone, or undone. */
type Done = { job: Job; result: never; isWritten: boolean };

/** A group collects jobs for at most this many event-loop turns. */
const maxTurns = 8;
/** How long patient jobs wait for a flush of others. */
const patienceMs = 20;
/** Until a flush of their own is tried again, after the disk refused one. */
const againMs = 1000;

/**
 * Everything requested within one event-loop turn, and in following turns while each brings more,
 * shares one transaction, in order. Each job has its own savepoint, so a conflict or error undoes
 * only that job. A group runs without interruption, so nobody reads half of it.
 *
 * The transaction is written at once, and then flushed in another thread, while the next group is
 * carried out. A flush costs the same for one job as for fifty. Nothing is answered before it is on
 * disk; it can be read before that, so whoever answers from what they read waits for `unsettled`.
 *
 * `disk`: undefined if nothing waits for it. `lost` is called if kept writes do not survive after
 * all; memory must then drop them.
 */
export function groupCommit(sql: Sql, options: { disk: Disk | undefined; lost: () => void }): GroupCommit {
  const { disk } = options;
  let queue: Job[] = [];
  /** Written, and not flushed. */
  let unflushed: Done[] = [];
  /** The last flush that somebody waits for. */
  let settling: Promise<void> | undefined;
  let deadline: NodeJS.Timeout | undefined;
  let soon: NodeJS.Immediate | undefined;

  /** Undoes the failed job; false if the whole group was undone. */
  function undoneAlone(): boolean {
    // After some errors, such as a full disk, SQLite rolls everything back itself.
    if (!sql.inTransaction()) return false;
    try {
      sql.run('ROLLBACK TO job');
      sql.run('RELEASE job');
      return true;
    } catch {
      if (sql.inTransaction()) sql.run('ROLLBACK');
      return false;
    }
  }

  /** Returns the jobs to run again, because SQLite undid them together with a failed one. */
  function carryOut(jobs: readonly Job[]): Job[] {
    const done: Done[] = [];
    for (const [place, job] of jobs.entries()) {
      try {
        const known = job.inMemory?.();
        if (known !== undefined) {
          done.push({ job, result: known, isWritten: false });
          continue;
        }
        sql.run('SAVEPOINT job');
        const result = job.work();
        const stands = job.stands?.(result) ?? true;
        if (!stands) sql.run('ROLLBACK TO job');
        sql.run('RELEASE job');
        if (stands) job.kept?.(result);
        done.push({ job, result, isWritten: stands });
      } catch (error) {
        job.reject(error);
        if (undoneAlone()) continue;
        options.lost();
        return [...done.map((one) => one.job), ...jobs.slice(place + 1)];
      }
    }
    try {
      sql.run('COMMIT');
    } catch (error) {
      if (sql.inTransaction()) sql.run('ROLLBACK');
      options.lost();
      for (const { job } of done) job.reject(error);
      return [];
    }
    for (const one of done) answer(one);
    if (unflushed.some(({ job }) => job.patient !== true)) settle();
    else if (unflushed.length > 0) deadline ??= setTimeout(flushWritten, patienceMs);
    return [];
  }

  /** At once, or when it is on disk. */
  function answer(one: Done): void {
    const { job, result, isWritten } = one;
    const resolve = (): void => job.resolve(result);
    if (disk === undefined || !isWritten) resolve();
    else if (job.losable !== true) unflushed.push(one);
    // What it rests on may not be on disk yet. If that fails, pages still go out.
    else if (settling !== undefined) settling.then(resolve, resolve);
    else resolve();
  }

  /** Answers all that is written, once it is on disk. */
  function flushWritten(): Promise<void> {
    clearTimeout(deadline);
    deadline = undefined;
    const covered = unflushed;
    unflushed = [];
    const flushed = disk === undefined ? Promise.resolve() : disk.flush();
    flushed.then(
      () => {
        for (const { job, result } of covered) job.resolve(result);
      },
      (error: unknown) => {
        for (const { job } of covered) if (job.patient !== true) job.reject(error);
        // Nobody waits for these, and they stay written.
        unflushed.unshift(...covered.filter(({ job }) => job.patient === true));
        if (unflushed.length > 0) deadline ??= setTimeout(flushWritten, againMs).unref();
      },
    );
    return flushed;
  }

  function settle(): void {
    const flushed = flushWritten();
    settling = flushed;
    const ended = (): void => {
      if (settling === flushed) settling = undefined;
    };
    flushed.then(ended, ended);
  }

  /**
   * Answers the first jobs as far as memory does; what is left begins with one that needs the file.
   */
  function withoutFile(jobs: Job[]): Job[] {
    for (const [place, job] of jobs.entries()) {
      try {
        const known = job.inMemory?.();
        if (known === undefined) return jobs.slice(place);
        job.resolve(known);
      } catch (error) {
        job.reject(error);
      }
    }
    return [];
  }

  function carryOutAll(): void {
    clearImmediate(soon);
    soon = undefined;
    let jobs = withoutFile(queue);
    queue = [];
    while (jobs.length > 0) {
      try {
        sql.run('BEGIN IMMEDIATE');
        jobs = carryOut(jobs);
      } catch (error) {
        for (const { reject } of jobs) reject(error);
        return;
      }
    }
  }

  /** The group grows while each turn brings more. A single request waits for nobody. */
  function gather(asked: number, turns: number): void {
    if (queue.length === asked || turns === maxTurns) carryOutAll();
    else soon = setImmediate(gather, queue.length, turns + 1);
  }

  return {
    write: <T>(work: () => T, more: JobOptions<T> = {}) =>
      new Promise<T>((resolve, reject) => {
        queue.push({ ...more, work, resolve, reject } as unknown as Job);
        soon ??= setImmediate(gather, queue.length, 1);
      }),
    flush() {
      carryOutAll();
      if (unflushed.length > 0) settle();
    },
    unsettled() {
      const failure = disk?.failure();
      return failure === undefined ? settling : Promise.reject(failure);
    },
  };
}
