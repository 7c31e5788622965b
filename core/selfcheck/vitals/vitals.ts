import type { Settings } from '../../config/settings-schema.ts';
import { type SyntheticRun, syntheticReason } from '../synthetic/run.ts';
import { behindAfterMs } from './behind.ts';
import type { Trouble, TroubleKind } from './rule-trouble.ts';

/** How Tocsin itself is, as it notes it down each minute; times in milliseconds since the epoch. */
export type Vitals = {
  /** When this was noted. */
  at: number;
  open: number;
  /** The undelivered effect that has been due for longest. */
  oldestEffect?: { id: string; kind: string; dueSince: number };
  /** Pages that are not delivered: those that are due, those that the rate limit or a next try holds, and when the oldest was decided. */
  pages?: { waiting: number; held: number; oldestAt?: number };
  /** Open incidents that call for somebody and that nobody could be told of, and since when the oldest of them. */
  untold?: { incidents: number; since: number };
  /** Stored records that could not be read, by their kinds, and when somebody was first told of the oldest of them. */
  quarantined?: { records: number; kinds: Record<string, number>; since: number };
};

/** What the latest evaluation tick did. */
export type TickNote = {
  /** When it began, or when the rules were last looked through without one that was due. */
  at: number;
  rules: number;
  series: number;
  tookMs: number;
  /** Rules that could not be judged, or whose changes could not be committed. */
  skipped: number;
};

/** What the latest audit left undone. */
export type AuditNote = { at: number; open: number; repaired: number; unrepaired: string[]; stuck: string[] };

/** A rule that its latest evaluation did not judge, or not whole. */
export type RuleTrouble = Trouble & {
  rule: string;
  /** Since when that is so, milliseconds since the epoch. */
  since: number;
};

/** How the rules are, as their latest evaluations found them. */
export type RuleTroubles = {
  at: number;
  /** Rules that have not been evaluated yet: neither well nor ill. */
  starting: number;
  /** Rules in trouble beyond those that are listed. */
  more: number;
  rules: RuleTrouble[];
};

/** Why not all is well: of Tocsin itself, or of a rule. */
export const selfReasons = [
  'clock ahead',
  'rules behind',
  'rules skipped',
  'sweep behind',
  'effect waits',
  'nobody told',
  'quarantine',
  'audit unrepaired',
  'effects stuck',
  'synthetic page',
  /** Only of the process that owns a store: nothing can be kept. */
  'store',
  /** Likewise: its clock was set, and what is stored has been moved with it. */
  'clock stepped',
] as const;
export type ReasonKind = (typeof selfReasons)[number] | TroubleKind;

export type HealthReason = {
  kind: ReasonKind;
  /** For a person. */
  text: string;
  /** The rule that it is about, in every reason that is about one. */
  rule?: string;
  since?: number;
};

export const healthStatuses = ['ok', 'degraded', 'failing'] as const;

export type Health = {
  /** `failing`: rules are not being judged at all; `degraded`: there is any other reason. */
  status: (typeof healthStatuses)[number];
  reasons: HealthReason[];
  /** What is told of rules and is no reason to worry: the config says so. */
  notes: HealthReason[];
  /** Rules that have not been evaluated yet: neither well nor ill. */
  starting: number;
};

/** Clocks of two machines differ by less. */
const aheadMs = 60_000;
/** Effects go out within seconds; those of a receiver that asks to wait may take minutes. */
export const oldEffectMs = 300_000;

/** The last synthetic incident, and what the config asks of it; noted only while the config asks for any. */
export type SyntheticNote = { run: SyntheticRun; configured: NonNullable<Settings['syntheticIncident']> };

export type Noted = {
  tick?: TickNote;
  vitals?: Vitals;
  audit?: AuditNote;
  synthetic?: SyntheticNote;
  rules?: RuleTroubles;
};

/** Rules that are named one by one; of more only the number is told. */
const maxNamed = 50;

/** How Tocsin is. Reasons of Tocsin itself name no rule, model or receiver. */
export function healthOf(noted: Noted, now: number): Health {
  const own = ownReasons(noted, now);
  const all = (noted.rules?.rules ?? []).toSorted((a, b) => a.since - b.since);
  const ill = all.filter(({ degrades }) => degrades);
  const reasons = [...own, ...ill.slice(0, maxNamed).map(ruleReason)];
  const more = ill.length - maxNamed + (noted.rules?.more ?? 0);
  const last = ill[maxNamed];
  if (more > 0) reasons.push({ kind: last?.kind ?? 'nothing judged', text: `${more} more rules are not judged, or not whole` });
  const failing = own.some(({ kind }) => kind === 'rules behind' || kind === 'clock ahead');
  return {
    status: failing ? 'failing' : reasons.length > 0 ? 'degraded' : 'ok',
    reasons,
    notes: all
      .filter(({ degrades }) => !degrades)
      .slice(0, maxNamed)
      .map(ruleReason),
    starting: noted.rules?.starting ?? 0,
  };
}

const ruleReason = ({ kind, rule, text, since }: RuleTrouble): HealthReason => ({
  kind,
  rule,
  since,
  text: `${rule} ${whatOf[kind]}${text === '' ? '' : `: ${text}`}`,
});

const nothing = 'judges nothing';
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

/** The same without names, for those who may not see any: how many rules are in each kind of trouble. */
export function anonymous(reasons: readonly HealthReason[]): HealthReason[] {
  const named = Map.groupBy(
    reasons.filter(({ rule }) => rule !== undefined),
    ({ kind }) => kind,
  );
  const counts = [...named].map(([kind, of]): HealthReason => {
    const since = Math.min(...of.map((one) => one.since ?? Number.POSITIVE_INFINITY));
    const text = `${of.length} rule${of.length === 1 ? '' : 's'}: ${kind}`;
    return Number.isFinite(since) ? { kind, text, since } : { kind, text };
  });
  return [...reasons.filter(({ rule }) => rule === undefined), ...counts];
}

function ownReasons({ tick, vitals, audit, synthetic }: Noted, now: number): HealthReason[] {
  const reasons: HealthReason[] = [];
  const add = (kind: HealthReason['kind'], text: string, since?: number): void =>
    void reasons.push(since === undefined ? { kind, text } : { kind, text, since });
  // A note of the future is of a clock that had run ahead; nobody knows what has happened since.
  if (tick !== undefined && tick.at - now > aheadMs) add('clock ahead', 'the rules were last judged by a clock that ran ahead');
  else if (tick !== undefined && now - tick.at > behindAfterMs)
    add('rules behind', `the rules were last judged ${seconds(now - tick.at)} ago`, tick.at);
  if (tick !== undefined && tick.skipped > 0)
    add('rules skipped', `${tick.skipped} rule${tick.skipped === 1 ? '' : 's'} could not be judged by the last tick`, tick.at);
  if (vitals !== undefined && now - vitals.at > behindAfterMs)
    add('sweep behind', `what is due was last looked for ${seconds(now - vitals.at)} ago`, vitals.at);
  const dueSince = vitals?.oldestEffect?.dueSince;
  if (dueSince !== undefined && now - dueSince > oldEffectMs)
    add('effect waits', `an effect has waited ${seconds(now - dueSince)} to be carried out`, dueSince);
  const { untold } = vitals ?? {};
  if (untold !== undefined) {
    const which = untold.incidents === 1 ? 'an open incident' : `${untold.incidents} open incidents`;
    add('nobody told', `nobody could be told of ${which}: no contact takes the page; still retrying`, untold.since);
  }
  const { quarantined } = vitals ?? {};
  if (quarantined !== undefined) add('quarantine', quarantineText(quarantined), quarantined.since);
  const broken = audit?.unrepaired.length ?? 0;
  if (broken > 0) add('audit unrepaired', `the auditor could not repair ${broken} incident${broken === 1 ? '' : 's'}`);
  const stuck = audit?.stuck.length ?? 0;
  if (stuck > 0)
    add('effects stuck', `${stuck} effect${stuck === 1 ? ' is' : 's are'} older than the time at which they are given up`);
  const unheard = synthetic === undefined ? undefined : syntheticReason(synthetic.run, synthetic.configured, now);
  if (unheard !== undefined) add('synthetic page', unheard);
  return reasons;
}

/** `3 stored records could not be read and were set aside (2 alerts, 1 incident): tocsin quarantine` */
function quarantineText({ records, kinds }: NonNullable<Vitals['quarantined']>): string {
  const by = Object.entries(kinds).map(([kind, count]) => `${count} of kind ${kind}`);
  const what =
    records === 1 ? 'a stored record could not be read and was' : `${records} stored records could not be read and were`;
  return `${what} set aside (${by.join(', ')}); see: tocsin quarantine`;
}

/**
 * Why a dead-man's ping is withheld; empty when all is well. Not knowing is not being well. What a rule has to judge by is no reason: its
 * own alert tells that, and whoever sends could hold back the ping.
 */
export function withheldReasons(noted: Noted, now: number): string[] {
  const unknown = noted.tick === undefined ? ['no rule has been judged yet'] : [];
  return [...unknown, ...ownReasons(noted, now).map(({ text }) => text)];
}

const seconds = (ms: number): string => `${Math.round(ms / 1000)}s`;
