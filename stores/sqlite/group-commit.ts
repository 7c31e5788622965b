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
   * May be lost in a power cut: a group of only such jobs is answered without a flush. It still
   * survives a crash of the process.
   */
  losable?: boolean;
  /**
   * Nobody waits for the answer, so it shares the flush of a later group: the writes are made at
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
  /** Runs waiting jobs now, and flushes what waits for a flush. */
  flush(): void;
};

type Job = Omit<JobOptions<never>, 'inMemory'> & {
  inMemory?: () => never | undefined;
  work: () => never;
  resolve: (result: never) => void;
  reject: (error: unknown) => void;
};
type Done = { job: Job; result: never; stands: boolean; wrote: boolean };

/** A group collects jobs for at most this many event-loop turns. */
const maxTurns = 8;
/** How long patient jobs wait for a flush of others. */
const patienceMs = 20;
/** Until a flush of their own is tried again, after the disk refused one. */
const againMs = 1000;

/**
 * A flush costs more than the rest of a small commit, and the same for one as for fifty. So
 * everything requested within one event-loop turn, and in following turns while each brings more,
 * shares one transaction, in order. Each job has its own savepoint, so a conflict or error undoes
 * only that job. Nothing is answered before all is on disk. A group runs without interruption, so
 * nobody reads half of it.
 *
 * `flushes`: whether commits wait for the disk. `touch` changes something in the file. `lost` is called if kept writes do not survive after all; memory
 * must then drop them.
 */
export function groupCommit(sql: Sql, options: { flushes: boolean; touch: () => void; lost: () => void }): GroupCommit {
  let queue: Job[] = [];
  /** Answers of patient jobs that are written and not flushed. */
  let unflushed: (() => void)[] = [];
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
  function carryOut(jobs: readonly Job[], flushed: boolean): Job[] {
    const done: Done[] = [];
    for (const [place, job] of jobs.entries()) {
      try {
        const known = job.inMemory?.();
        if (known !== undefined) {
          done.push({ job, result: known, stands: true, wrote: false });
          continue;
        }
        sql.run('SAVEPOINT job');
        const result = job.work();
        const stands = job.stands?.(result) ?? true;
        if (!stands) sql.run('ROLLBACK TO job');
        sql.run('RELEASE job');
        if (stands) job.kept?.(result);
        done.push({ job, result, stands, wrote: true });
      } catch (error) {
        job.reject(error);
        if (undoneAlone()) continue;
        options.lost();
        return [...done.map((one) => one.job), ...jobs.slice(place + 1)];
      }
    }
    try {
      // A commit that changes nothing is not flushed.
      if (flushed && unflushed.length > 0) options.touch();
      sql.run('COMMIT');
    } catch (error) {
      if (sql.inTransaction()) sql.run('ROLLBACK');
      options.lost();
      for (const { job } of done) job.reject(error);
      return [];
    }
    for (const { job, result, stands, wrote } of done) {
      const needsFlush = wrote && stands && job.losable !== true;
      if (flushed || !needsFlush) job.resolve(result);
      else unflushed.push(() => job.resolve(result));
    }
    if (flushed) answerFlushed();
    else if (unflushed.length > 0) deadline ??= setTimeout(flushPatient, patienceMs);
    return [];
  }

  function answerFlushed(): void {
    clearTimeout(deadline);
    deadline = undefined;
    const answers = unflushed;
    unflushed = [];
    for (const answer of answers) answer();
  }

  /** A flush covers all that was written before it, so any flushed commit will do. */
  function flushPatient(): void {
    deadline = undefined;
    if (unflushed.length === 0) return;
    try {
      sql.transaction(options.touch);
      answerFlushed();
    } catch {
      // The disk is full or gone. What is written stays written, and is answered with the next flush.
      deadline = setTimeout(flushPatient, againMs).unref();
    }
  }

  /** Answers the first jobs as far as memory does; what is left begins with one that needs the file. */
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

  function flush(): void {
    clearImmediate(soon);
    soon = undefined;
    let jobs = withoutFile(queue);
    queue = [];
    while (jobs.length > 0) {
      const mayWait = options.flushes && jobs.every((job, place) => canWait(job) || (place > 0 && job.inMemory !== undefined));
      try {
        if (mayWait) sql.exec('PRAGMA synchronous = NORMAL');
        try {
          sql.run('BEGIN IMMEDIATE');
          jobs = carryOut(jobs, !mayWait);
        } finally {
          // Even if it could not begin: the next commit is flushed.
          if (mayWait) sql.exec('PRAGMA synchronous = FULL');
        }
      } catch (error) {
        for (const { reject } of jobs) reject(error);
        return;
      }
    }
  }

  /** The group grows while each turn brings more. A single request waits for nobody. */
  function gather(asked: number, turns: number): void {
    if (queue.length === asked || turns === maxTurns) flush();
    else soon = setImmediate(gather, queue.length, turns + 1);
  }

  return {
    write: <T>(work: () => T, more: JobOptions<T> = {}) =>
      new Promise<T>((resolve, reject) => {
        queue.push({ ...more, work, resolve, reject } as unknown as Job);
        soon ??= setImmediate(gather, queue.length, 1);
      }),
    flush() {
      flush();
      flushPatient();
    },
  };
}

const canWait = ({ losable, patient }: Job): boolean => losable === true || patient === true;
