import { digest, type Sha256 } from '../../vocabulary/fingerprint.ts';
import { asChangeId, type ChangeId } from '../../vocabulary/ids.ts';
import type { Labels } from '../../vocabulary/schema-parts.ts';

/**
 * What people and their systems do to what is watched. `registry`: an alias or stage of a model
 * registry moved, or a version was registered. `data`: a data set or feature set was replaced,
 * backfilled or migrated.
 */
export const changeKinds = ['deploy', 'rollback', 'flag', 'data', 'config', 'registry', 'other'] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** Something was deployed, switched or altered, as somebody outside said. It never changes. */
export type Change = {
  id: ChangeId;
  /** Milliseconds since the epoch. */
  at: number;
  kind: ChangeKind;
  /** What was changed and where, as alerts name it: `{ model: churn, environment: prod }`. */
  labels: Labels;
  /** What its sender says of it, in one line. */
  summary?: string;
  /** The versions, or values, before and after. */
  from?: string;
  to?: string;
  /** Who did it; the sender, unless it says another. */
  by: string;
  /** An http or https URL. */
  link?: string;
  /** Who told it: `key:ci`, `mlflow`. */
  sender: string;
  receivedAt: number;
  /** The version of the record. */
  version: number;
};

/** What an incident keeps of a change that may have caused it. `text`: one line, for people. */
export type ChangeBrief = Pick<Change, 'id' | 'at' | 'kind'> & { text: string };

/** A change as a sender tells it. */
export type ToldChange = Pick<Change, 'kind' | 'labels' | 'summary' | 'from' | 'to' | 'link'> & {
  /** Absent: when it is received. */
  at?: number | undefined;
  by?: string | undefined;
  /**
   * What its sender knows it by: told again under it, it counts once. Absent: what it says and
   * when, so that one told again without a time is another.
   */
  key?: string | undefined;
};

export function changeOf({ key, at, by, ...told }: ToldChange, sender: string, now: number, hash?: Sha256): Change {
  const time = at ?? now;
  const labels = Object.entries(told.labels).sort(([a], [b]) => (a < b ? -1 : 1));
  const { kind, summary, from, to, link } = told;
  const identity = key === undefined ? ['said', time, kind, labels, summary, from, to, by, link] : ['key', key];
  const id = asChangeId(`chg-${digest(JSON.stringify([sender, ...identity]), 16, hash)}`);
  return { id, at: time, ...told, by: by ?? sender, sender, receivedAt: now, version: 1 };
}

/** How long a change is kept. */
export const keepChangesMs = 90 * 86_400_000;
/** How many are kept on one machine; the oldest go first. */
export const mostKept = 50_000;

/** The place of a change in the list, which is newest first. */
export type ChangePlace = Pick<Change, 'at' | 'id'>;

/** A place as a text for the next request, as `changePlaceOf` reads it. */
export const changeCursor = ({ at, id }: ChangePlace): string => `${at}-${id}`;

/** Undefined for a text that is no cursor. */
export function changePlaceOf(text: string): ChangePlace | undefined {
  const [, at, id] = /^(\d{1,16})-(chg-[0-9a-f]{1,64})$/.exec(text) ?? [];
  return at === undefined || id === undefined ? undefined : { at: Number(at), id: asChangeId(id) };
}

/** Whether a change comes after a place in the list. */
export const isOlderChange = (change: ChangePlace, place: ChangePlace): boolean =>
  change.at < place.at || (change.at === place.at && change.id < place.id);

/** For sorting changes newest first. */
export const newestChangeFirst = (a: ChangePlace, b: ChangePlace): number => b.at - a.at || (a.id < b.id ? 1 : -1);
