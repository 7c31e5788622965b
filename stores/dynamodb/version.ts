import { StoreVersionError } from '../../app/ports/store-errors.ts';
import { keys } from './items.ts';
import type { Table } from './table.ts';

/**
 * Grows with every change of the records that an older Tocsin could not read, or would damage by
 * writing. Stored in the table; a table without a mark is version 1. Version 2: a contact has a
 * kind, and tenants' records say so. Version 3: the audit log has records of its own. Version 4:
 * the bins of profiles follow the spread. Version 5: silences have matchers with operators. Version
 * 6: alerts and incidents may have the severity `info`. Version 7: entries tell of accepted
 * baselines. Version 8: incidents, entries and pages may say that an incident flaps. Version 9: the
 * bins of scores follow their spread. Version 10: the audit log tells of records that come back
 * from quarantine, or are dropped from there. Version 11: effects and the audit log may be about
 * digests. Version 12: kinds of effects and posted messages have other names. Version 13: the audit
 * log tells of test pages. Version 14: entries may be notes of people. Version 15: people have
 * devices that take pages. Version 16: buckets of samples may keep how their values are spread, and
 * readings of counters. Version 17: changes are kept, and entries and incidents tell of them.
 * Version 18: jobs report their runs, and heartbeats have records and alerts.
 */
export const recordsVersion = 18;

/** A container checks again after this long, to notice an upgrade soon. */
const lookAgainMs = 60_000;
/** After a refusal it checks sooner: the table may be fixed. */
const askAgainMs = 5000;

export const markOf = async (table: Table): Promise<number | undefined> =>
  (await table.get(keys.version))?.['version'] as number | undefined;

export type VersionGate = {
  pass(): Promise<void>;
  /** The same, with a fresh read of the table. */
  lookAgain(): Promise<void>;
};

/**
 * Passes while the table has this version or an older one, which it upgrades if `marks`. Throws
 * StoreVersionError once the table has a newer one. Reads one item per minute.
 */
export function versionGate(table: Table, { name, marks }: { name: string; marks: boolean }): VersionGate {
  let looked: { at: number; outcome: Promise<void> } | undefined;
  let isRefused = false;

  async function look(): Promise<void> {
    try {
      const found = await markOf(table);
      if (marks && (found === undefined || found < recordsVersion)) await mark(table);
      isRefused = found !== undefined && found > recordsVersion;
      if (isRefused)
        throw new StoreVersionError(
          `the table ${name} has records of version ${found}, written by a newer Tocsin; this one knows up to ${recordsVersion}, and leaves them alone: deploy that version or a newer one again`,
        );
    } catch (error) {
      // A failed read is no answer: the next call reads again.
      if (!isRefused) looked = undefined;
      throw error;
    }
  }

  const pass = (): Promise<void> => {
    // A process clock may stop while its container is frozen; this one may step back.
    const now = Date.now();
    const age = looked === undefined ? Number.POSITIVE_INFINITY : Math.abs(now - looked.at);
    if (looked === undefined || age >= (isRefused ? askAgainMs : lookAgainMs)) looked = { at: now, outcome: look() };
    return looked.outcome;
  };
  return {
    pass,
    lookAgain() {
      looked = undefined;
      return pass();
    },
  };
}

/** Never lowers it: a newer version that was here meanwhile wins. */
const mark = (table: Table): Promise<boolean> =>
  table.update(keys.version, {
    UpdateExpression: 'SET version = :own',
    ConditionExpression: 'attribute_not_exists(version) OR version < :own',
    ExpressionAttributeValues: { ':own': recordsVersion },
  });
