import type { Commit, Write } from '../../app/ports/commit.ts';
import type { Store } from '../../app/ports/store.ts';
import { StoreUnavailableError } from '../../app/ports/store-errors.ts';
import type { AuditEntry } from '../../core/access/audit-log.ts';
import type { TimelineEntry } from '../../core/response/incidents/timeline.ts';
import { asChangeId, asFingerprint, asIncidentId, type GroupKey, type IncidentId } from '../../core/vocabulary/ids.ts';
import { unknownKind } from '../../core/vocabulary/unknown-kind.ts';

/** Record kinds that memory can hold. Training data is large, and its sender can resend it. */
type Kept = Exclude<Write, { kind: 'latest' | 'alert gone' | 'training' | 'training gone' }>;
export type KeptKind = Kept['kind'];
export type ValueOf<K extends KeptKind> = Extract<Kept, { kind: K }>['value'];

/** A record in memory, and its version in the store behind (0: none). */
type Cell = { kind: KeptKind; key: string; stored: number; value: ValueOf<KeptKind> | undefined };

/** Makes an incident the latest of a key, in decision order. */
type Pointer = { key: GroupKey; incidentId: IncidentId; previous: IncidentId | undefined; opens: boolean };

type Commits = Pick<Commit, 'writes' | 'timeline' | 'audit'>;

/**
 * Versioned records, pointers, timelines and entries of the audit log decided while the store was
 * not writable.
 */
export type MemoryRecords = {
  /**
   * false: a record changed since it was read, and nothing is applied. Otherwise `apply` applies
   * everything.
   */
  stage(commit: Commits): Promise<false | { apply: () => void }>;
  /**
   * The record in memory; undefined if memory has none, `{ value: undefined }` if it was deleted.
   */
  find<K extends KeptKind>(kind: K, key: string): { value: ValueOf<K> | undefined } | undefined;
  all<K extends KeptKind>(kind: K): { key: string; value: ValueOf<K> | undefined }[];
  latest(key: GroupKey): IncidentId | undefined;
  timeline(incidentId: IncidentId): readonly TimelineEntry[];
  audit(): readonly AuditEntry[];
  /** Everything as one commit for the store behind. */
  toCommit(): Commits;
  /** Compares with the store behind, and drops what it already has. */
  reconcile(): Promise<void>;
  isEmpty(): boolean;
  clear(): void;
};

const keyOf = (write: Kept): string => {
  switch (write.kind) {
    case 'incident':
    case 'silence':
    case 'override':
    case 'change':
      return write.value.id;
    case 'alert':
      return write.value.fingerprint;
    case 'deployment':
      return write.value.name;
    case 'serving':
      return write.value.source;
    case 'devices':
      return write.value.responder;
    case 'heartbeat':
      return write.value.name;
    case 'accepted baseline':
      return write.value.fingerprint;
  }
};

/** An entry is written once or twice within moments, never later. */
const mostCompared = 1000;

const placeOf = (kind: KeptKind, key: string): string => `${kind} ${key}`;

export function memoryRecords(base: Store): MemoryRecords {
  const cells = new Map<string, Cell>();
  const latest = new Map<GroupKey, IncidentId>();
  const pointers: Pointer[] = [];
  const timelines = new Map<IncidentId, TimelineEntry[]>();
  let audited: AuditEntry[] = [];

  async function storedVersion(kind: KeptKind, key: string): Promise<number> {
    switch (kind) {
      case 'incident':
        return (await base.incident(asIncidentId(key)))?.version ?? 0;
      case 'alert':
        return (await base.alert(asFingerprint(key)))?.version ?? 0;
      case 'deployment':
        return (await base.deployment(key))?.version ?? 0;
      case 'serving':
        return (await base.serving(key))?.version ?? 0;
      case 'accepted baseline':
        return (await base.acceptedBaselines([asFingerprint(key)]))[0]?.version ?? 0;
      case 'change':
        return (await base.changesOf([asChangeId(key)]))[0]?.version ?? 0;
      case 'devices':
        return (await base.devices(key))?.version ?? 0;
      case 'heartbeat':
        return (await base.heartbeats([key]))[0]?.version ?? 0;
      case 'silence':
        return (await base.silences(0)).find(({ id }) => id === key)?.version ?? 0;
      case 'override':
        return (await base.overrides(0)).find(({ id }) => id === key)?.version ?? 0;
    }
  }

  async function stage({ writes, timeline, audit = [] }: Commits): Promise<false | { apply: () => void }> {
    const staged = new Map<string, Cell>();
    const leads = new Map<GroupKey, IncidentId>();
    const added: Pointer[] = [];
    const put = async (kind: KeptKind, key: string, expected: number, value: Cell['value']): Promise<boolean> => {
      const place = placeOf(kind, key);
      const cell = staged.get(place) ?? cells.get(place);
      const stored = cell?.stored ?? (await storedVersion(kind, key));
      const current = cell === undefined ? stored : (cell.value?.version ?? 0);
      if (current !== expected) return false;
      staged.set(place, { kind, key, stored, value });
      return true;
    };
    const lead = async (
      key: GroupKey,
      incidentId: IncidentId,
      previous: IncidentId | undefined,
      opens: boolean,
    ): Promise<boolean> => {
      const current = leads.get(key) ?? latest.get(key) ?? (await base.incidentOfGroup(key))?.id;
      if (current !== previous) return false;
      leads.set(key, incidentId);
      added.push({ key, incidentId, previous, opens });
      return true;
    };
    for (const write of writes) {
      switch (write.kind) {
        case 'training':
        case 'training gone':
          throw new StoreUnavailableError('what a version was trained on cannot be stored now');
        case 'latest':
          if (!(await lead(write.key, write.incidentId, write.previous, false))) return false;
          break;
        case 'alert gone':
          if (write.expected === 0 || !(await put('alert', write.fingerprint, write.expected, undefined))) return false;
          break;
        case 'incident':
        case 'alert':
        case 'deployment':
        case 'silence':
        case 'override':
        case 'devices':
        case 'change':
        case 'heartbeat':
        case 'serving':
        case 'accepted baseline': {
          if (!(await put(write.kind, keyOf(write), write.expected, write.value))) return false;
          const opens = write.kind === 'incident' && write.expected === 0;
          if (opens && !(await lead(write.value.groupKey, write.value.id, write.previous, true))) return false;
          break;
        }
        default:
          unknownKind('write kind', (write as { kind: never }).kind);
      }
    }
    if ((await anyIsThere(timeline)) || (await unstored(audit)).length < audit.length) return false;
    return {
      apply() {
        for (const [place, cell] of staged) cells.set(place, cell);
        for (const [key, id] of leads) latest.set(key, id);
        pointers.push(...added);
        for (const entry of timeline) {
          const entries = timelines.get(entry.incidentId);
          if (entries === undefined) timelines.set(entry.incidentId, [entry]);
          else entries.push(entry);
        }
        audited.push(...audit);
      },
    };
  }

  async function anyIsThere(entries: readonly TimelineEntry[]): Promise<boolean> {
    for (const id of new Set(entries.map(({ incidentId }) => incidentId))) {
      const there = new Set(
        [...(await base.timeline(id)), ...(timelines.get(id) ?? [])].map(({ version, n }) => `${version}/${n}`),
      );
      if (entries.some(({ incidentId, version, n }) => incidentId === id && there.has(`${version}/${n}`))) return true;
    }
    return false;
  }

  /** Those that are neither in memory nor among the newest in the store behind. */
  async function unstored(entries: readonly AuditEntry[], alsoHere = true): Promise<AuditEntry[]> {
    if (entries.length === 0) return [];
    const there = new Set([...(await base.auditLog(mostCompared)), ...(alsoHere ? audited : [])].map(({ id }) => id));
    return entries.filter(({ id }) => !there.has(id));
  }

  function toCommit(): Commits {
    const writes: Write[] = [];
    const opened = new Set<string>();
    for (const { key, incidentId, previous, opens } of pointers) {
      const cell = opens ? cells.get(placeOf('incident', incidentId)) : undefined;
      const lead = previous === undefined ? {} : { previous };
      if (cell?.value !== undefined && cell.stored === 0) {
        opened.add(incidentId);
        writes.push({ kind: 'incident', value: cell.value as ValueOf<'incident'>, expected: 0, ...lead });
      } else writes.push({ kind: 'latest', key, incidentId, ...lead });
    }
    for (const { kind, key, stored, value } of cells.values()) {
      if (value !== undefined) {
        if (!(kind === 'incident' && opened.has(key))) writes.push({ kind, value, expected: stored } as Write);
      } else if (stored > 0) writes.push({ kind: 'alert gone', fingerprint: asFingerprint(key), expected: stored });
    }
    return { writes, timeline: [...timelines.values()].flat(), audit: audited };
  }

  async function reconcile(): Promise<void> {
    for (const [place, cell] of cells) {
      const stored = await storedVersion(cell.kind, cell.key);
      if (cell.value === undefined ? stored === 0 : stored >= cell.value.version) cells.delete(place);
      else cell.stored = stored;
    }
    const led = new Map<GroupKey, IncidentId | undefined>();
    for (const pointer of pointers.splice(0)) {
      const current = led.has(pointer.key) ? led.get(pointer.key) : (await base.incidentOfGroup(pointer.key))?.id;
      led.set(pointer.key, pointer.incidentId);
      if (current !== pointer.incidentId) pointers.push({ ...pointer, previous: current });
    }
    for (const [id, entries] of timelines) {
      const there = new Set((await base.timeline(id)).map(({ version, n }) => `${version}/${n}`));
      timelines.set(
        id,
        entries.filter(({ version, n }) => !there.has(`${version}/${n}`)),
      );
    }
    audited = await unstored(audited, false);
  }

  return {
    stage,
    find: <K extends KeptKind>(kind: K, key: string) =>
      cells.get(placeOf(kind, key)) as { value: ValueOf<K> | undefined } | undefined,
    all: <K extends KeptKind>(kind: K) =>
      [...cells.values()].filter((cell) => cell.kind === kind) as { key: string; value: ValueOf<K> | undefined }[],
    latest: (key) => latest.get(key),
    timeline: (id) => timelines.get(id) ?? [],
    audit: () => audited,
    toCommit,
    reconcile,
    isEmpty: () => cells.size === 0 && pointers.length === 0 && timelines.size === 0 && audited.length === 0,
    clear() {
      cells.clear();
      latest.clear();
      pointers.length = 0;
      timelines.clear();
      audited = [];
    },
  };
}
