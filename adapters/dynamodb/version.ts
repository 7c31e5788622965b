import { StoreVersionError } from '../../app/ports/store-errors.ts';
import { keys } from './items.ts';
import type { Table } from './table.ts';

/**
 * Grows with every change of the records that an older Tocsin could not read, or would spoil by writing. Kept in the table itself; a
 * table without a mark is of the time before there was one, which is version 1 as well. Version 2: a contact is of a kind, and what belongs to a
 * tenant says so.
 */
export const recordsVersion = 2;

/** A container that has looked looks again after this long, so that one which outlives an upgrade soon notices it. */
const lookAgainMs = 60_000;
/** Who was refused looks again sooner: the table may have been put right. */
const askAgainMs = 5000;

export const markOf = async (table: Table): Promise<number | undefined> =>
  (await table.get(keys.version))?.['version'] as number | undefined;

export type VersionGate = {
  pass(): Promise<void>;
  /** The same, by what the table says now. */
  lookAgain(): Promise<void>;
};

/**
 * Passes while the table is of this version or an older one, which it marks as its own where it `marks`; throws StoreVersionError once
 * the table is of a newer one. It reads one item a minute.
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
      // A table that could not be read is no answer: the next call asks again.
      if (!isRefused) looked = undefined;
      throw error;
    }
  }

  const pass = (): Promise<void> => {
    // A clock that counts from the start of the process may stand still while its container is frozen; this one may step back.
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

/** Never back: whoever was here with a newer version meanwhile has the last word. */
const mark = (table: Table): Promise<boolean> =>
  table.update(keys.version, {
    UpdateExpression: 'SET version = :own',
    ConditionExpression: 'attribute_not_exists(version) OR version < :own',
    ExpressionAttributeValues: { ':own': recordsVersion },
  });
