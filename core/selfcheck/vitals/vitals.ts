import type { Settings } from '../../config/settings-schema.ts';
import type { RegistryTrouble } from '../../telemetry/registries/poll.ts';
import { counted } from '../../vocabulary/counted.ts';
import type { PagesOfWeek } from '../digest/stored-pages.ts';
import { type SyntheticRun, syntheticReason } from '../synthetic/run.ts';
import { behindAfterMs } from './behind.ts';
import type { Trouble, TroubleKind } from './rule-trouble.ts';

/** Tocsin's own state, noted each minute; times in milliseconds since the epoch. */
export type Vitals = {
  /** When this was noted. */
  at: number;
  open: number;
  /** The undelivered effect that has been due longest. */
  oldestEffect?: { id: string; kind: string; dueSince: number };
  /**
   * Undelivered pages: due now, held (rate limit or next retry), and the decision time of the
   * oldest.
   */
  pages?: { waiting: number; held: number; oldestAt?: number };
  /** Open incidents that need somebody but have reached nobody, and since when. */
  untold?: { incidents: number; since: number };
  /** Unreadable records by kind, and when somebody was first told of the oldest. */
  quarantined?: { records: number; kinds: Record<string, number>; since: number };
  /**
   * Labels of the last day that found no prediction, and that replaced another, over all models.
   */
  labels?: { unmatched: number; corrected: number };
  /**
   * The sources that have to send a watchdog alert: when it came last, and since when it is
   * expected.
   */
  watchdogs?: { source: string; since: number; seenAt?: number; missing: boolean }[];
};

/** What the last evaluation tick did. */
export type TickNote = {
  /** When it began, or when the rules were last checked and none was due. */
  at: number;
  rules: number;
  series: number;
  tookMs: number;
  /** Rules that could not be judged, or whose changes could not be committed. */
  skipped: number;
};

/** What the last consistency check left unrepaired. */
export type ConsistencyNote = { at: number; open: number; repaired: number; unrepaired: string[]; stuck: string[] };

/** A rule that its last evaluation did not judge, or only partly. */
export type RuleTrouble = Trouble & {
  rule: string;
  /** Since when; milliseconds since the epoch. */
  since: number;
};

/** The state of the rules after their last evaluations. */
export type RuleTroubles = {
  at: number;
  /** Rules not evaluated yet: neither healthy nor unhealthy. */
  starting: number;
  /** Rules in trouble that are not listed. */
  more: number;
  rules: RuleTrouble[];
};

/** Why something is unhealthy: Tocsin itself, or a rule. */
export const selfReasons = [
  'clock ahead',
  'rules behind',
  'rules skipped',
  'sweep behind',
  'effect waits',
  'nobody told',
  'quarantine',
  'incidents unrepaired',
  'effects stuck',
  'synthetic page',
  /** Only the process that owns a store: nothing can be stored. */
  'store',
  /** Likewise: its clock was set, and stored times moved with it. */
  'clock stepped',
  /** A model registry has not answered for a while. */
  'registry fails',
] as const;
export type ReasonKind = (typeof selfReasons)[number] | TroubleKind;

export type HealthReason = {
  kind: ReasonKind;
  /** For people. */
  text: string;
  /** The rule, for every reason about a rule. */
  rule?: string;
  /**
   * How many rules it is about, if several: a source that is down is one reason. `rule` is the
   * first.
   */
  rules?: number;
  /** The model registry that it is about. */
  registry?: string;
  since?: number;
};

export const healthStatuses = ['ok', 'degraded', 'failing'] as const;

export type Health = {
  /** `failing`: no rules are being judged; `degraded`: any other reason. */
  status: (typeof healthStatuses)[number];
  reasons: HealthReason[];
  /** Notes about rules that are no problem, because the config allows them. */
  notes: HealthReason[];
  /** Rules not evaluated yet: neither healthy nor unhealthy. */
  starting: number;
};

/** Two machines' clocks differ by less. */
const aheadMs = 60_000;
/** Effects take seconds; a receiver that asks to wait may take minutes. */
export const oldEffectMs = 300_000;

/** The last synthetic incident and its settings; noted only while the config asks for them. */
export type SyntheticNote = { run: SyntheticRun; configured: NonNullable<Settings['syntheticIncident']> };

export type Noted = {
  /** How often policies with a budget have paged in a week. */
  pages?: PagesOfWeek;
  tick?: TickNote;
  vitals?: Vitals;
  consistency?: ConsistencyNote;
  synthetic?: SyntheticNote;
  rules?: RuleTroubles;
  /** Model registries that have not answered for longer than the config allows. */
  registries?: RegistryTrouble[];
};

/** Rules listed by name; the rest are counted. */
const maxNamed = 50;

/** The health of Tocsin. Reasons about Tocsin itself name no rule, model or receiver. */
export function healthOf(noted: Noted, now: number): Health {
  const own = ownReasons(noted, now);
  const all = (noted.rules?.rules ?? []).toSorted((a, b) => a.since - b.since);
  const ill = all.filter(({ degrades }) => degrades);
  const told = bySource(ill);
  const reasons = [...own, ...told.slice(0, maxNamed).map(ruleReason)];
  const more = told.slice(maxNamed).reduce((sum, { rules }) => sum + rules, 0) + (noted.rules?.more ?? 0);
  const last = told[maxNamed];
  if (more > 0)
    reasons.push({
      kind: last?.kind ?? 'nothing judged',
      text:
        more === 1
          ? '1 more rule is judged only partly or not at all'
          : `${more} more rules are judged only partly or not at all`,
    });
  for (const { registry, since, error } of (noted.registries ?? []).slice(0, maxNamed))
    reasons.push({ kind: 'registry fails', registry, since, text: `the registry ${registry} does not answer: ${error}` });
  const failing = own.some(({ kind }) => kind === 'rules behind' || kind === 'clock ahead');
  return {
    status: failing ? 'failing' : reasons.length > 0 ? 'degraded' : 'ok',
    reasons,
    notes: all
      .filter(({ degrades }) => !degrades)
      .slice(0, maxNamed)
      .map((one) => ruleReason({ ...one, rules: 1 })),
    starting: noted.rules?.starting ?? 0,
  };
}

/** `rules`: how many are in this trouble; the others have begun with it or later. */
type SharedTrouble = RuleTrouble & { rules: number };

/** Rules of one source that fail for one reason share an entry, for there is one thing to mend. */
function bySource(troubles: readonly RuleTrouble[]): SharedTrouble[] {
  const shared = new Map<string, SharedTrouble>();
  const all: SharedTrouble[] = [];
  for (const one of troubles) {
    const key = one.source === undefined ? undefined : JSON.stringify([one.source, one.text]);
    const known = key === undefined ? undefined : shared.get(key);
    if (known !== undefined) {
      known.rules += 1;
      continue;
    }
    const own = { ...one, rules: 1 };
    all.push(own);
    if (key !== undefined) shared.set(key, own);
  }
  return all;
}

function ruleReason({ kind, rule, rules, text, since }: SharedTrouble): HealthReason {
  const who = rules === 1 ? rule : `${rule} and ${counted(rules - 1, 'other rule')}`;
  const what = `${who} ${rules === 1 ? whatOf[kind] : nothingOfSeveral}${text === '' ? '' : `: ${text}`}`;
  return { kind, rule, ...(rules === 1 ? {} : { rules }), since, text: what };
}

const nothing = 'judges nothing';
const nothingOfSeveral = 'judge nothing';
const whatOf: Record<TroubleKind, string> = {
  'source fails': nothing,
  'no data yet': nothing,
  'no data': nothing,
  'baseline refused': nothing,
  'insufficient evidence': nothing,
  'nothing judged': nothing,
  'partial answer': 'may judge only some of its series',
  'series cut': 'judges only some of its series',
};

/**
 * The same for readers who may not see names: the number of rules in each kind of trouble, and of
 * registries.
 */
export function anonymous(reasons: readonly HealthReason[]): HealthReason[] {
  const named = Map.groupBy(
    reasons.filter(({ rule }) => rule !== undefined),
    ({ kind }) => kind,
  );
  const counts = [...named].map(([kind, of]): HealthReason => {
    const since = Math.min(...of.map((one) => one.since ?? Number.POSITIVE_INFINITY));
    const text = `${counted(
      of.reduce((sum, { rules = 1 }) => sum + rules, 0),
      'rule',
    )}: ${kind}`;
    return Number.isFinite(since) ? { kind, text, since } : { kind, text };
  });
  const registries = reasons.filter(({ registry }) => registry !== undefined);
  const since = Math.min(...registries.map((one) => one.since ?? Number.POSITIVE_INFINITY));
  const text = counted(registries.length, 'model registry does not answer', 'model registries do not answer');
  return [
    ...reasons.filter(({ rule, registry }) => rule === undefined && registry === undefined),
    ...counts,
    ...(registries.length === 0 ? [] : [{ kind: 'registry fails' as const, text, since }]),
  ];
}

function ownReasons({ tick, vitals, consistency, synthetic }: Noted, now: number): HealthReason[] {
  const reasons: HealthReason[] = [];
  const add = (kind: HealthReason['kind'], text: string, since?: number): void =>
    void reasons.push(since === undefined ? { kind, text } : { kind, text, since });
  // A note from the future comes from a clock that was ahead; what happened since is unknown.
  if (tick !== undefined && tick.at - now > aheadMs) add('clock ahead', 'the rules were last judged by a clock that was ahead');
  else if (tick !== undefined && now - tick.at > behindAfterMs)
    add('rules behind', `the rules were last judged ${seconds(now - tick.at)} ago`, tick.at);
  if (tick !== undefined && tick.skipped > 0)
    add('rules skipped', `${counted(tick.skipped, 'rule')} could not be judged by the last tick`, tick.at);
  if (vitals !== undefined && now - vitals.at > behindAfterMs)
    add('sweep behind', `the sweep last ran ${seconds(now - vitals.at)} ago`, vitals.at);
  const dueSince = vitals?.oldestEffect?.dueSince;
  if (dueSince !== undefined && now - dueSince > oldEffectMs)
    add(
      'effect waits',
      `an outbox message (a page, an update or a rollback) has been waiting for ${seconds(now - dueSince)}`,
      dueSince,
    );
  const { untold } = vitals ?? {};
  if (untold !== undefined) {
    const which = untold.incidents === 1 ? 'an open incident' : `${untold.incidents} open incidents`;
    add('nobody told', `nobody could be reached about ${which}: no contact accepts the page; still retrying`, untold.since);
  }
  const { quarantined } = vitals ?? {};
  if (quarantined !== undefined) add('quarantine', quarantineText(quarantined), quarantined.since);
  const broken = consistency?.unrepaired.length ?? 0;
  if (broken > 0) add('incidents unrepaired', `the consistency check could not repair ${counted(broken, 'incident')}`);
  const stuck = consistency?.stuck.length ?? 0;
  if (stuck > 0)
    add('effects stuck', `${stuck} effect${stuck === 1 ? ' is' : 's are'} older than the time at which they are given up`);
  const unheard = synthetic === undefined ? undefined : syntheticReason(synthetic.run, synthetic.configured, now);
  if (unheard !== undefined) add('synthetic page', unheard);
  return reasons;
}

/**
 * `3 stored records could not be read and were set aside (2 alerts, 1 incident): tocsin quarantine`
 */
function quarantineText({ records, kinds }: NonNullable<Vitals['quarantined']>): string {
  const by = Object.entries(kinds).map(([kind, count]) => `${count} of kind ${kind}`);
  const what =
    records === 1 ? 'a stored record could not be read and was' : `${records} stored records could not be read and were`;
  return `${what} quarantined (${by.join(', ')}); see: tocsin quarantine`;
}

/**
 * Why a dead-man's ping is withheld; empty if healthy. Unknown counts as unhealthy. Bad or missing
 * rule data is no reason: the rule's own alert covers it, and otherwise any sender could stop the
 * ping.
 */
export function withheldReasons(noted: Noted, now: number): string[] {
  const unknown = noted.tick === undefined ? ['no rule has been judged yet'] : [];
  return [...unknown, ...ownReasons(noted, now).map(({ text }) => text)];
}

const seconds = (ms: number): string => `${Math.round(ms / 1000)}s`;
