import { isListKind, type ListKind } from './change.ts';
import type { Placed, ResetReason } from './change-log.ts';
import { mostNamed } from './gathered.ts';

/** What whoever follows is told. A closed set; http/api/dto/event.ts has it as it goes out. */
export type Told =
  | { kind: 'reset'; reason: ResetReason }
  | { kind: 'incident'; id: string; version: number }
  | { kind: 'incidents' }
  /** `rules`: those that were evaluated; absent if they are too many to name. */
  | { kind: 'rules'; at: number; rules?: string[] }
  | { kind: ListKind };

/** `place`: whoever was told this, and all before it, knows of every change up to there. */
export type Telling = { place: number; told: Told };

/** A telling before it is put in order; `from`: the place of the first change that it is about. */
type Part = { from: number; told: Told };

/**
 * Puts changes into as few words as possible, the earliest first. A telling of several changes
 * spans others, so whoever breaks off after one may go on only from before the first change that it
 * has not heard of; it may then hear some again. `changes`: by place, each thing once, as a log
 * keeps them.
 */
export function tellingsOf(changes: readonly Placed[]): Telling[] {
  const parts = [...ofIncidents(changes), ...ofRules(changes), ...ofLists(changes)].sort((a, b) => a.from - b.from);
  const last = changes.at(-1)?.place ?? 0;
  return parts.map(({ told }, index) => {
    const unheard = parts[index + 1];
    return { place: unheard === undefined ? last : unheard.from - 1, told };
  });
}

function ofIncidents(changes: readonly Placed[]): Part[] {
  const told = changes.flatMap(({ place, change }) =>
    change.kind === 'incident' || change.kind === 'incidents' ? { from: place, told: change } : [],
  );
  const isNamed = told.length <= mostNamed && told.every(({ told: { kind } }) => kind === 'incident');
  return isNamed ? told : [{ from: told[0]?.from ?? 0, told: { kind: 'incidents' } }];
}

/** One for all, because a tick evaluates many. */
function ofRules(changes: readonly Placed[]): Part[] {
  const found = changes.flatMap(({ place, change }) =>
    change.kind === 'rule' || change.kind === 'rules' ? { place, change } : [],
  );
  const [first] = found;
  if (first === undefined) return [];
  const at = Math.max(...found.map(({ change }) => change.at));
  const rules = found.flatMap(({ change }) => (change.kind === 'rule' ? change.id : []));
  const isNamed = rules.length === found.length && rules.length <= mostNamed;
  return [{ from: first.place, told: { kind: 'rules', at, ...(isNamed ? { rules } : {}) } }];
}

const ofLists = (changes: readonly Placed[]): Part[] =>
  changes.flatMap(({ place, change }) => (isListKind(change.kind) ? { from: place, told: { kind: change.kind } } : []));
