import { entryOf, type HistoryEntry, headOf } from '../../core/alerting/judgements/history/entry.ts';
import { isKept, keptAs } from '../../core/alerting/judgements/history/pace.ts';
import { thinned } from '../../core/alerting/judgements/history/thin.ts';
import type { Fingerprint, RuleId } from '../../core/vocabulary/ids.ts';
import type { NewHistory } from '../ports/judgement-store.ts';
import type { Ports } from '../ports/ports.ts';

const hour = 3_600_000;
/** How long each kept judgement stays; after that, one an hour is left. */
export const fineFor = 49 * hour;
/** A process that starts sums up what another one left within this time. */
const catchUp = 24 * hour;
/** More than one an hour and series could never be kept: a judgement a second. */
const mostAnHour = 3600;
/**
 * Series of a rule that are remembered: those that a judgement shows, and some that it showed
 * before.
 */
const mostRemembered = 200;

/**
 * Adds what was found of these rules to the history of their series, as often as `settings.history`
 * says, and sums up each hour that has passed. History only informs, so a failed write fails no
 * tick: what it would have held is missing.
 */
export async function noteHistory(ports: Ports, rules: Iterable<RuleId>): Promise<void> {
  const { config, inFlight, store } = ports;
  const { every = ports.historyEvery ?? hour, keep } = config.settings.history;
  const added: NewHistory[] = [];
  const passed: Passed[] = [];
  for (const id of rules) {
    const rule = Object.hasOwn(config.rules, id) ? config.rules[id] : undefined;
    const judgement = inFlight.judgements.get(id)?.judgement;
    if (rule === undefined || judgement === undefined || config.tenantRules?.[id] !== undefined) continue;
    const kept = inFlight.history.get(id) ?? new Map();
    inFlight.history.set(id, kept);
    for (const series of judgement.shown) {
      const { fingerprint } = series;
      const last = kept.get(fingerprint);
      if (!isKept(last, headOf(series, judgement.at), every)) continue;
      const entry = entryOf(rule, series, judgement.at);
      const next = { ...keptAs(last, entry), summedTo: last?.summedTo };
      // All rules are judged for the first time in one tick; from then on their writes are spread.
      if (last === undefined) next.judgedAt -= Math.floor(placeOf(fingerprint) * every);
      const begun = Math.floor(entry.at / hour) * hour;
      if (last !== undefined && begun > (next.summedTo ?? Math.floor(last.at / hour) * hour)) {
        passed.push({ rule: id, fingerprint, from: next.summedTo ?? begun - catchUp, to: begun });
        next.summedTo = begun;
      }
      kept.delete(fingerprint);
      kept.set(fingerprint, next);
      if (kept.size > mostRemembered) kept.delete(kept.keys().next().value);
      // Functions start often; that a series is well can wait.
      if (last === undefined && entry.status === 'ok' && every >= hour) continue;
      const isSteady = entry.status === 'ok' && last?.status === 'ok';
      added.push(
        isSteady && every >= hour
          ? hourly(id, fingerprint, entry, keep)
          : { rule: id, fingerprint, level: 'fine', entry, expiresAt: entry.judgedAt + fineFor },
      );
    }
  }
  try {
    await store.addHistory([...added, ...(await Promise.all(passed.map((one) => hoursOf(ports, one, keep)))).flat()]);
  } catch (error) {
    ports.log('warn', 'the history of judgements could not be written', { error: String(error) });
  }
}

/** Hours of a series that nothing is added to any more. */
type Passed = { rule: RuleId; fingerprint: Fingerprint; from: number; to: number };

async function hoursOf({ store }: Ports, { rule, fingerprint, from, to }: Passed, keep: number): Promise<NewHistory[]> {
  const most = Math.ceil((to - from) / hour) * mostAnHour;
  const fine = await store.history({ rule, fingerprint, level: 'fine' }, { from, to }, most);
  return thinned(fine, hour).map((entry) => hourly(rule, fingerprint, entry, keep));
}

/** What stays of an hour. It has one key, so that an hour which is written twice is there once. */
function hourly(rule: RuleId, fingerprint: Fingerprint, entry: HistoryEntry, keep: number): NewHistory {
  const last = (Math.floor(entry.at / hour) + 1) * hour - 1;
  return { rule, fingerprint, level: 'hour', entry: { ...entry, at: last, judgedAt: last }, expiresAt: last + keep };
}

/** From 0 to below 1, by a fingerprint's first digits. */
const placeOf = (fingerprint: Fingerprint): number => (Number.parseInt(fingerprint.slice(0, 4), 16) || 0) / 0x10000;
