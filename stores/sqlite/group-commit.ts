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
};

export type GroupCommit = {
  /**
   * `work` is synchronous. Its result is returned once it is on disk. If it throws, only its own
   * writes are undone, and the caller gets the error.
   */
  write<T>(work: () => T, options?: JobOptions<T>): Promise<T>;
  /**
   * Resolves at the end of this event-loop turn, for results that need no file: answering together
   * wakes a sender once, not per request.
   */
  turn(): Promise<void>;
  /** Runs waiting jobs now. */
  flush(): void;
};

type Job = JobOptions<never> & { work: () => never; resolve: (result: never) => void; reject: (error: unknown) => void };

/** A group collects jobs for at most this many event-loop turns. */
const maxTurns = 8;

/**
 * A flush costs more than the rest of a small commit, and the same for one as for fifty. So
 * everything requested within one event-loop turn, and in following turns while each brings more,
 * shares one transaction, in order. Each job has its own savepoint, so a conflict or error undoes
 * only that job. Nothing is answered before all is on disk. A group runs without interruption, so
 * nobody reads half of it.
 *
 * `lost` is called if kept writes do not survive after all; memory must then drop them.
 */
export function groupCommit(sql: Sql, options: { durability: 'full' | 'normal'; lost: () => void }): GroupCommit {
  let queue: Job[] = [];
  let soon: NodeJS.Immediate | undefined;
  let turn: Promise<void> | undefined;

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
    const done: { job: Job; result: never }[] = [];
    for (const [place, job] of jobs.entries()) {
      try {
        sql.run('SAVEPOINT job');
        const result = job.work();
        const stands = job.stands?.(result) ?? true;
        if (!stands) sql.run('ROLLBACK TO job');
        sql.run('RELEASE job');
        if (stands) job.kept?.(result);
        done.push({ job, result });
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
    for (const { job, result } of done) job.resolve(result);
    return [];
  }

  function flush(): void {
    clearImmediate(soon);
    soon = undefined;
    let jobs = queue;
    queue = [];
    while (jobs.length > 0) {
      const unflushed = options.durability === 'full' && jobs.every(({ losable }) => losable === true);
      try {
        if (unflushed) sql.exec('PRAGMA synchronous = NORMAL');
        try {
          sql.run('BEGIN IMMEDIATE');
          jobs = carryOut(jobs);
        } finally {
          // Even if it could not begin: the next commit is flushed.
          if (unflushed) sql.exec('PRAGMA synchronous = FULL');
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
    turn() {
      turn ??= new Promise((resolve) =>
        setImmediate(() => {
          turn = undefined;
          resolve();
        }),
      );
      return turn;
    },
    flush,
  };
}
