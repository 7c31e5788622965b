import type { Settings } from '../config/schema.ts';
import { type SyntheticRun, syntheticReason } from '../synthetic/run.ts';
import { behindAfterMs } from './behind.ts';

/** How Tocsin itself is, as it notes it down each minute; times in milliseconds since the epoch. */
export type Vitals = {
  /** When this was noted. */
  at: number;
  open: number;
  /** The undelivered effect that has been due for longest. */
  oldestEffect?: { id: string; kind: string; dueSince: number };
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

export type Health = {
  /** `degraded`: at least one reason; `behind`: one of them is that rules are not being judged. */
  status: 'ok' | 'degraded';
  behind: boolean;
  reasons: string[];
};

/** Clocks of two machines differ by less. */
const aheadMs = 60_000;
/** Effects go out within seconds; those of a receiver that asks to wait may take minutes. */
export const oldEffectMs = 300_000;

/** The last synthetic incident, and what the config asks of it; noted only while the config asks for any. */
export type SyntheticNote = { run: SyntheticRun; configured: NonNullable<Settings['syntheticIncident']> };

export type Noted = { tick?: TickNote; vitals?: Vitals; audit?: AuditNote; synthetic?: SyntheticNote };

/** Why not all is well, each reason in words for a person; none of them names a rule, a model or a receiver. */
export function healthOf({ tick, vitals, audit, synthetic }: Noted, now: number): Health {
  const reasons: string[] = [];
  // A note of the future is of a clock that had run ahead; nobody knows what has happened since.
  const ahead = tick !== undefined && tick.at - now > aheadMs;
  const behind = tick !== undefined && (ahead || now - tick.at > behindAfterMs);
  if (ahead) reasons.push('the rules were last judged by a clock that ran ahead');
  else if (behind) reasons.push(`the rules were last judged ${seconds(now - tick.at)} ago`);
  if (tick !== undefined && tick.skipped > 0)
    reasons.push(`${tick.skipped} rule${tick.skipped === 1 ? '' : 's'} could not be judged by the last tick`);
  if (vitals !== undefined && now - vitals.at > behindAfterMs)
    reasons.push(`what is due was last looked for ${seconds(now - vitals.at)} ago`);
  const dueSince = vitals?.oldestEffect?.dueSince;
  if (dueSince !== undefined && now - dueSince > oldEffectMs)
    reasons.push(`an effect has waited ${seconds(now - dueSince)} to be carried out`);
  const broken = audit?.unrepaired.length ?? 0;
  if (broken > 0) reasons.push(`the auditor could not repair ${broken} incident${broken === 1 ? '' : 's'}`);
  const stuck = audit?.stuck.length ?? 0;
  if (stuck > 0) reasons.push(`${stuck} effect${stuck === 1 ? ' is' : 's are'} older than the time at which they are given up`);
  const unheard = synthetic === undefined ? undefined : syntheticReason(synthetic.run, synthetic.configured, now);
  if (unheard !== undefined) reasons.push(unheard);
  return { status: reasons.length === 0 ? 'ok' : 'degraded', behind, reasons };
}

/** Why a dead-man's ping is withheld; empty when all is well. Not knowing is not being well. */
export function withheldReasons(noted: Noted, now: number): string[] {
  const unknown = noted.tick === undefined ? ['no rule has been judged yet'] : [];
  return [...unknown, ...healthOf(noted, now).reasons];
}

const seconds = (ms: number): string => `${Math.round(ms / 1000)}s`;
