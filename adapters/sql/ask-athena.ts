import { setTimeout } from 'node:timers/promises';
import type { AthenaClient } from '@aws-sdk/client-athena';
import type { AthenaSource } from '../../core/telemetry/sources/kinds/sql.ts';
import { type Pause, RefusedByAthenaError, rowsOfAthena } from './athena.ts';
import { athenaDialect } from './athena-result.ts';
import { type Read, seriesOf } from './rows.ts';
import type { AskUnits } from './unit.ts';

/**
 * Queries of one source that wait or run at a time. An account may have 20 by default, and others
 * use it, too.
 */
const atOnce = 5;

const sleep: Pause = (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => undefined);

/** A few at a time, each started, waited for and read page by page. */
export const askAthena =
  (name: string, source: AthenaSource, client: AthenaClient, now: number, pause = sleep): AskUnits =>
  async (units, budget) => {
    const asking = { client, name, source, now, pause };
    const answers = new Map<string, Read>();
    const waiting = units.entries();
    /** Why no other query can be asked now. */
    let refused: string | undefined;
    const work = async (): Promise<void> => {
      for (const [key, unit] of waiting) {
        if (refused !== undefined) {
          answers.set(key, { ok: false, error: refused });
          budget.leave(key);
          continue;
        }
        try {
          const { columns, rows, scanned } = await budget.ask(key, (share) => rowsOfAthena(asking, unit, share));
          const read = seriesOf(columns, rows, unit.query, unit.step, athenaDialect);
          answers.set(key, read.ok && scanned !== undefined ? { ...read, scanned } : read);
        } catch (cause) {
          const error = cause instanceof Error ? cause.message : String(cause);
          answers.set(key, { ok: false, error });
          if (cause instanceof RefusedByAthenaError) refused = error;
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, units.size) }, work));
    return answers;
  };
