import type { Commit } from '../../app/ports/commit.ts';
import type { Log } from '../../app/ports/log.ts';
import type { Ports } from '../../app/ports/ports.ts';
import type { Store } from '../../app/ports/store.ts';
import type { Condition } from '../../http/options.ts';
import type { SqliteStore } from '../../stores/sqlite/index.ts';
import { beatEveryMs, noUptime } from '../../stores/sqlite/owner.ts';
import type { Clock } from '../clock.ts';
import { clockWatch } from './clock-watch.ts';
import { type GuardedStore, guardedStore } from './guarded-store.ts';
import { storeNotices } from './notices.ts';

export type StoreGuard = {
  guard: GuardedStore;
  /** Call every second. */
  look(): Promise<void>;
  condition: () => Condition;
  /** Hands over what is in memory, if possible, and closes the store. */
  close(): Promise<void>;
};

/**
 * The service's store with its protection: memory while it is not writable, log, and direct pages.
 */
export function guardStore(
  store: SqliteStore,
  options: {
    path: string;
    clock: Clock;
    log: Log;
    kick?: (() => void) | undefined;
    onCommitted?: (commit: Commit) => void;
    onTakenOver?: ((why: string) => void) | undefined;
    ports: () => Ports;
  },
): StoreGuard {
  const { path, clock, log } = options;
  const notices = storeNotices(options.ports, clock.now);
  const watched = clockWatch(store.file, clock, log);
  let beatAt = Number.NEGATIVE_INFINITY;
  const guard = guardedStore(store, {
    path,
    now: clock.now,
    lookAtFile: store.file.look,
    onChange(trouble, was) {
      if (trouble?.kind === 'taken over') options.onTakenOver?.(trouble.text);
      if (trouble !== undefined) log('error', trouble.text, { kind: trouble.kind });
      else log('warn', 'the store can be written again', { after: was?.kind, forMs: clock.now() - (was?.since ?? clock.now()) });
    },
    ...(options.onCommitted === undefined ? {} : { onCommitted: options.onCommitted }),
    onUnstored(commit, trouble) {
      notices.unstored(commit, trouble);
      if (commit.effects.length > 0) options.kick?.();
    },
  });

  /** The next start uses this to detect a clock step in between. */
  const beat = (): Promise<void> => store.file.beat(clock.steps?.reading() ?? { at: clock.now(), uptime: noUptime });

  async function look(): Promise<void> {
    await guard.check();
    if (store.file.healed())
      log('warn', 'a file beside the store was deleted; it has been made anew, and nothing is lost', { path });
    notices.look(guard.trouble());
    if (guard.trouble() !== undefined) return;
    try {
      // Until the store is writable again, the clock behaves as if it had not stepped.
      watched.look();
      if (performance.now() - beatAt < beatEveryMs) return;
      beatAt = performance.now();
      await beat();
    } catch (error) {
      // Finds a full disk even if nothing else is written.
      if (!guard.note(error)) throw error;
    }
  }

  // A clock that is ahead must not expire what is still needed once it is corrected.
  const running: Store = {
    ...guard.running,
    prune: (now) => guard.running.prune(now - watched.ahead()),
    async commit(commit) {
      if ([...commit.timeline, ...(commit.audit ?? [])].some(({ at }) => watched.isOfBefore(at)))
        throw new Error('this was being decided when the clock stepped; it will be decided anew');
      return guard.running.commit(commit);
    },
  };
  return {
    guard: { ...guard, running },
    look,
    condition: () => {
      const trouble = guard.trouble();
      return {
        reasons: [...(trouble === undefined ? [] : [{ kind: 'store', text: trouble.text } as const]), ...watched.reasons()],
        stores: trouble === undefined,
        clockStep: watched.last(),
      };
    },
    async close() {
      await guard
        .check()
        .catch((error: unknown) => log('error', 'what is in memory could not be stored', { error: String(error) }));
      if (guard.trouble() !== undefined) log('error', 'the service stops with decisions that are only in memory', { path });
      try {
        if (guard.trouble() === undefined && clock.steps?.pending() === undefined) await beat();
      } catch (error) {
        if (!guard.note(error)) throw error;
      }
      try {
        await store.close();
      } catch (error) {
        // Only resends are kept in memory alone; their senders repeat them.
        if (!guard.note(error)) throw error;
      }
    },
  };
}
