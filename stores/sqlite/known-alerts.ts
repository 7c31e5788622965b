import type { Alert } from '../../core/alerting/alerts/alert.ts';
import type { Fingerprint } from '../../core/vocabulary/ids.ts';
import type { Sql } from './sql.ts';

/** Where the file holds an alert, and what is in memory: the alert, its text, or neither. */
export type Known = {
  place: number;
  /** The version callers see. */
  version: number;
  alert?: Alert;
  text?: string;
  /** The file's version, if it is older. */
  stored?: Alert;
};

/** Which alerts the file holds, where, and as much of them as memory may keep. */
export type KnownAlerts = {
  get(fingerprint: Fingerprint): Known | undefined;
  /** undefined: the file holds it no longer. */
  set(fingerprint: Fingerprint, next: Known | undefined): void;
  /** Without those that are gone. */
  inOrder(): Fingerprint[];
  /** How many are not in memory. */
  missing(): number;
  /** A place in the file that no alert has had since the start. */
  newPlace(): number;
  /** Alerts with an older version in the file. */
  readonly held: ReadonlySet<Fingerprint>;
  /** What was held is in the file. */
  written(): void;
  forget(): void;
};

type Row = { place: number; fingerprint: Fingerprint; version: number };

/**
 * `limit`: how many alerts may be in memory, decoded or as text. `changed` hears of every alert
 * whose version is another: undefined if it is gone, `{}` if it is one of a rule.
 */
export function knownAlerts(
  sql: Sql,
  limit: number,
  changed: (fingerprint: Fingerprint, alert: Partial<Alert> | undefined) => void,
): KnownAlerts {
  let known: Map<Fingerprint, Known> | undefined;
  const held = new Set<Fingerprint>();
  /** Alerts in memory, decoded or as text. */
  let inMemory = 0;
  let nextPlace = 1;
  /**
   * Fingerprints in order, including deleted ones, then those added since; undefined until first
   * used.
   */
  let order: Fingerprint[] | undefined;
  let added = false;

  function all(): Map<Fingerprint, Known> {
    if (known !== undefined) return known;
    known = new Map();
    for (const { place, fingerprint, version } of sql.all<Row>('SELECT place, fingerprint, version FROM alerts')) {
      known.set(fingerprint, { place, version });
      nextPlace = Math.max(nextPlace, place + 1);
    }
    return known;
  }

  const isInMemory = ({ alert, text }: Known): boolean => alert !== undefined || text !== undefined;

  function set(fingerprint: Fingerprint, next: Known | undefined): void {
    const before = all().get(fingerprint);
    if (before !== undefined && isInMemory(before)) inMemory -= 1;
    if (next === undefined) {
      all().delete(fingerprint);
      held.delete(fingerprint);
      changed(fingerprint, undefined);
      return;
    }
    if (before === undefined && order !== undefined) {
      order.push(fingerprint);
      added = true;
    }
    const isKept = next.stored !== undefined || inMemory < limit;
    all().set(fingerprint, isKept ? next : { place: next.place, version: next.version });
    if (isKept && isInMemory(next)) inMemory += 1;
    if (next.stored === undefined) held.delete(fingerprint);
    else held.add(fingerprint);
    // Text in memory belongs to a rule's alert.
    if (before?.version !== next.version) changed(fingerprint, next.alert ?? {});
  }

  function inOrder(): Fingerprint[] {
    if (order === undefined) order = [...all().keys()].sort();
    else if (added) order.sort();
    added = false;
    // Deleted ones are still listed, and twice if they came back.
    const kept = order.filter((fingerprint, n) => all().has(fingerprint) && (n === 0 || order?.[n - 1] !== fingerprint));
    order = kept;
    return kept;
  }

  return {
    get: (fingerprint) => all().get(fingerprint),
    set,
    inOrder,
    missing: () => all().size - inMemory,
    newPlace() {
      all();
      return nextPlace++;
    },
    held,
    written: () => held.clear(),
    forget() {
      known = undefined;
      order = undefined;
      inMemory = 0;
      held.clear();
    },
  };
}
