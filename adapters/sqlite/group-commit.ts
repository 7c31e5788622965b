import type { Sql } from './sql.ts';

export type JobOptions<T> = {
  /** Whether what `work` has written stands; it is undone otherwise, and its result told all the same. */
  stands?: (result: T) => boolean;
  /** Called as soon as it stands, before the next job of the group, so that memory follows the file. Never throws. */
  kept?: (result: T) => void;
  /**
   * Nothing is lost with it when the machine goes down: a group of such jobs alone is answered without a flush. It
   * survives the end of the process all the same.
   */
  losable?: boolean;
};

export type GroupCommit = {
  /** `work` is synchronous. Its result is told once it is on disk; what it throws undoes it alone, and is thrown to the caller. */
  write<T>(work: () => T, options?: JobOptions<T>): Promise<T>;
  /**
   * The end of this turn of the event loop, for what needs no file: what is answered together wakes a sender of many requests once
   * and not for each of them.
   */
  turn(): Promise<void>;
  /** Carries out at once what waits. */
  flush(): void;
};

type Job = JobOptions<never> & { work: () => never; resolve: (result: never) => void; reject: (error: unknown) => void };

/** For so many turns of the event loop a group is gathered at most. */
const maxTurns = 8;

/**
 * A flush to disk costs more than all else about a small commit, and as much for one as for fifty. So whatever is asked
 * for within one turn of the event loop, and in the turns that follow as long as each brings more, shares one transaction, in the order in
 * which it was asked for. Each job has a
 * savepoint of its own, so that a conflict or an error of one undoes nothing of the others, and none is answered before
 * the whole is on disk. A group is carried out in one piece, so nobody reads half of it.
 *
 * `lost` is called when what was kept does not stand after all; memory has to forget what it took from it.
 */
export function groupCommit(sql: Sql, options: { durability: 'full' | 'normal'; lost: () => void }): GroupCommit {
  let queue: Job[] = [];
  let soon: NodeJS.Immediate | undefined;
  let turn: Promise<void> | undefined;

  /** Undoes the job that has failed; false where the whole group was undone with it. */
  function undoneAlone(): boolean {
    // After some errors, such as a full disk, SQLite has rolled everything back by itself.
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

  /** Returns those that are to be carried out again, because SQLite undid them together with one that failed. */
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
          // Also where it could not begin: what comes next is flushed.
          if (unflushed) sql.exec('PRAGMA synchronous = FULL');
        }
      } catch (error) {
        for (const { reject } of jobs) reject(error);
        return;
      }
    }
  }

  /** As long as more is asked for turn by turn, the group grows. Who asks alone waits for nobody. */
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
