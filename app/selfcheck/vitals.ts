import { watchdogFingerprint } from '../../core/alerting/alerts/watchdog.ts';
import { untoldOf } from '../../core/response/escalation/untold.ts';
import type { StoredEffect } from '../../core/response/outbox/effect.ts';
import { priorities } from '../../core/response/outbox/lanes.ts';
import { pagesNote } from '../../core/selfcheck/digest/stored-pages.ts';
import type { Quarantined } from '../../core/selfcheck/quarantine/quarantined.ts';
import type { SyntheticRun } from '../../core/selfcheck/synthetic/run.ts';
import { syntheticNote } from '../../core/selfcheck/synthetic/stored-run.ts';
import { consistencyNote, tickNote, vitalsNote } from '../../core/selfcheck/vitals/stored-vitals.ts';
import type { Noted, SyntheticNote, TickNote, Vitals } from '../../core/selfcheck/vitals/vitals.ts';
import { sourcesOf } from '../../core/telemetry/sources/sources-of.ts';
import { isOwn } from '../../core/vocabulary/tenant.ts';
import type { EvaluateReport } from '../evaluate/commit-answers.ts';
import { registryTroubles } from '../evaluate/registries.ts';
import { readTroubles } from '../evaluate/rule-troubles.ts';
import { watchedSources } from '../evaluate/watchdogs.ts';
import { readNote, writeNote } from '../notes.ts';
import type { Ports } from '../ports/ports.ts';
import { arrivalsIn } from '../sources/labels-seen.ts';
import { maxQuarantined } from './quarantine.ts';

/** The most open incidents counted. */
const maxOpen = 1000;
/** Outbox messages read per priority. */
const maxEffects = 1000;
/** A message that is being retried is due again within this time. */
const retryAheadMs = 120_000;
const dayMs = 86_400_000;

/** Notes what a tick did, to prove that rules are being judged. */
export async function noteTick(
  { store }: Pick<Ports, 'store'>,
  report: EvaluateReport,
  { startedAt, endedAt }: { startedAt: number; endedAt: number },
): Promise<TickNote> {
  const { rules, series } = report;
  const skipped = new Set(report.errors.map(({ rule }) => rule)).size;
  const note: TickNote = { at: startedAt, rules, series, tookMs: endedAt - startedAt, skipped };
  await writeNote(store, tickNote, note);
  return note;
}

/** Notes that the rules were checked and none was due; the last tick's findings still hold. */
export async function noteIdle({ store }: Pick<Ports, 'store'>, last: TickNote | undefined, now: number): Promise<void> {
  const note: TickNote = { rules: 0, series: 0, tookMs: 0, skipped: 0, ...last, at: now };
  await writeNote(store, tickNote, note);
}

/**
 * Notes how many incidents are open, which of them reached nobody, what has waited longest, and
 * what became of the labels of the last day.
 * Late wakes are left to the sweep and not counted.
 */
export async function noteVitals({ store, config }: Pick<Ports, 'store' | 'config'>, now: number): Promise<Vitals> {
  const [open, ...due] = await Promise.all([
    store.incidents({ status: 'open', limit: maxOpen }),
    // Per priority, so that many of one do not hide another.
    ...priorities.map((priority) => store.dueEffects(now + retryAheadMs, maxEffects, { priorities: [priority] })),
  ]);
  // A retried effect is due again soon, but has waited since its first try.
  const waiting = due
    .flat()
    .filter(({ effect }) => effect.kind !== 'timer' && isOwn(effect))
    .map(({ effect, notBefore, firstTriedAt }) => ({
      id: effect.id,
      kind: effect.kind,
      dueSince: firstTriedAt ?? notBefore,
    }))
    .filter(({ dueSince }) => dueSince <= now)
    .toSorted((a, b) => a.dueSince - b.dueSince);
  const [oldestEffect] = waiting;
  const pages = pagesOf(due.flat(), now);
  const untold = untoldOf(open, now);
  const quarantined = countedOf(await store.quarantined(maxQuarantined), now);
  const labels = await labelsOfDay({ store, config }, now);
  const watchdogs = await watchdogsOf({ store, config });
  const vitals: Vitals = {
    at: now,
    open: open.length,
    pages,
    ...(oldestEffect === undefined ? {} : { oldestEffect }),
    ...(untold === undefined ? {} : { untold }),
    ...(quarantined === undefined ? {} : { quarantined }),
    ...(labels === undefined ? {} : { labels }),
    ...(watchdogs.length === 0 ? {} : { watchdogs }),
  };
  await writeNote(store, vitalsNote, vitals);
  return vitals;
}

/** How the watchdog alerts are that sources have to send. */
export async function watchdogsOf({ store, config }: Pick<Ports, 'store' | 'config'>): Promise<NonNullable<Vitals['watchdogs']>> {
  const watched = watchedSources(config);
  if (watched.length === 0) return [];
  const alerts = await store.alertsOf(watched.map(({ name }) => watchdogFingerprint(name)));
  return alerts.flatMap((alert) =>
    alert?.watchdog === undefined ? [] : [{ ...alert.watchdog, missing: alert.state === 'firing' }],
  );
}

/** Undefined without a source of predictions. */
async function labelsOfDay({ store, config }: Pick<Ports, 'store' | 'config'>, now: number): Promise<Vitals['labels']> {
  const sources = sourcesOf(config, 'predictions');
  if (sources.length === 0) return undefined;
  const came = await Promise.all(
    sources.map(({ name, source }) => arrivalsIn(store, name, source, { from: now - dayMs, to: now + source.bucket })),
  );
  return {
    unmatched: came.reduce((sum, one) => sum + one.unmatched, 0),
    corrected: came.reduce((sum, one) => sum + one.corrected, 0),
  };
}

/** By kind; undefined if there are none. */
function countedOf(all: readonly Quarantined[], now: number): Vitals['quarantined'] {
  if (all.length === 0) return undefined;
  const kinds = Map.groupBy(all, ({ kind }) => kind);
  return {
    records: all.length,
    kinds: Object.fromEntries([...kinds].map(([kind, of]) => [kind, of.length])),
    since: Math.min(...all.map(({ toldAt }) => toldAt ?? now)),
  };
}

/** Counts at most `maxEffects`. */
function pagesOf(due: readonly StoredEffect[], now: number): NonNullable<Vitals['pages']> {
  const pages = due.filter(({ effect }) => effect.kind === 'page' && isOwn(effect));
  const waiting = pages.filter(({ notBefore }) => notBefore <= now).length;
  const oldestAt = Math.min(...pages.map(({ effect }) => effect.createdAt));
  return { waiting, held: pages.length - waiting, ...(pages.length === 0 ? {} : { oldestAt }) };
}

/** The last notes. Missing or unreadable ones are left out. */
export async function readNotes({ store, config }: Pick<Ports, 'store' | 'config'>): Promise<Noted> {
  const [synthetic, rules, registries, tick, vitals, consistency, pages] = await Promise.all([
    readSynthetic({ store, config }),
    readTroubles({ store }),
    registryTroubles({ store, config }),
    readNote(store, tickNote),
    readNote(store, vitalsNote),
    readNote(store, consistencyNote),
    readNote(store, pagesNote),
  ]);
  return {
    ...(tick === undefined ? {} : { tick }),
    ...(vitals === undefined ? {} : { vitals }),
    ...(consistency === undefined ? {} : { consistency }),
    ...(synthetic === undefined ? {} : { synthetic }),
    ...(rules === undefined ? {} : { rules }),
    ...(pages === undefined ? {} : { pages }),
    ...(registries.length === 0 ? {} : { registries }),
  };
}

/** The last synthetic incident; undefined if the config asks for none, or before the first. */
export async function readSynthetic({ store, config }: Pick<Ports, 'store' | 'config'>): Promise<SyntheticNote | undefined> {
  const configured = config.settings.syntheticIncident;
  if (configured === undefined) return undefined;
  const run = await readNote(store, syntheticNote);
  return run === undefined ? undefined : { run, configured };
}

export const noteSynthetic = ({ store }: Pick<Ports, 'store'>, run: SyntheticRun): Promise<void> =>
  writeNote(store, syntheticNote, run);
