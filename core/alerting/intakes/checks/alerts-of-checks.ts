import { atOnce } from '../../../telemetry/samples/body.ts';
import type { Entry } from '../../../telemetry/samples/records.ts';
import { refusals } from '../../../telemetry/samples/refusals.ts';
import { labelsKey } from '../../../vocabulary/labels-key.ts';
import { storableText } from '../../../vocabulary/printable.ts';
import type { Labels } from '../../../vocabulary/schema-parts.ts';
import { cut } from '../../../vocabulary/text.ts';
import type { AlertPayload } from '../../alerts/alert-payload.ts';
import type { AlertIntake, IntakeRead } from '../alert-intake.ts';
import { eventEndsAfter, withoutEmpty } from '../events/alert-event.ts';
import type { IntakeOptions } from '../intake-options.ts';
import { type CheckCounts, type CheckFormat, type CheckOutcome, type CheckResult, countsBy } from './check-result.ts';

/** A suite that runs daily says nothing until tomorrow, and one that was removed never does. */
const checkEndsAfter = eventEndsAfter;

/** What an outcome does to the alert about its check. What did not run says nothing of the data. */
const effects = { pass: 'resolves', warn: 'fires', fail: 'fires', error: 'fires', skipped: 'nothing' } as const satisfies Record<
  CheckOutcome,
  'fires' | 'resolves' | 'nothing'
>;

/**
 * Of several results of one check in one document the worst counts. A part that was skipped may be
 * the one that fails.
 */
const ranks = { pass: 0, skipped: 1, warn: 2, error: 3, fail: 4 } as const satisfies Record<CheckOutcome, number>;

const verbs = {
  pass: 'passed',
  warn: 'failed, as a warning',
  fail: 'failed',
  error: 'could not run',
  skipped: 'was skipped',
} as const satisfies Record<CheckOutcome, string>;

const longest = { observed: 360, about: 160, run: 80 };
/** Texts of results of one check that a reason tells. */
const mostTold = 3;

/** Results that are read before others have a turn. */
const inARow = 100;

/** A format of alerts whose documents are results of checks. */
export function checkIntake(format: CheckFormat): AlertIntake {
  const { lists, objects } = format;
  const readInParts = (document: unknown, now: number, options: IntakeOptions = {}): Generator<void, IntakeRead> =>
    documentInParts(format, document, { dataset: named(options.dataset), model: named(options.model) }, now);
  return {
    lists,
    many: true,
    ...(objects === undefined ? {} : { objects }),
    read: (document, now, options) => atOnce(readInParts(document, now, options)),
    readInParts,
  };
}

function* documentInParts(
  format: CheckFormat,
  document: unknown,
  options: IntakeOptions,
  now: number,
): Generator<void, IntakeRead> {
  const found = format.results(document, options, now);
  if (!found.ok) return found;
  const refused = refusals();
  const results: Entry<CheckResult>[] = [];
  let index = 0;
  let looked = 0;
  for (const sent of found.list) {
    looked += 1;
    if (looked % inARow === 0) yield;
    if (sent === undefined) continue;
    const value = found.read(sent);
    if (typeof value === 'string') refused.add(index, () => value);
    else results.push({ index, value });
    index += 1;
  }
  const { besides } = found;
  if (besides !== undefined) results.push({ index, value: besides(results.map(({ value }) => value)) });
  const records = yield* alertsOfChecks(results, now);
  return { ok: true, leftOut: 0, checks: countsOf(results), records, ...refused.all() };
}

const named = (text: string | undefined): string | undefined =>
  text === undefined || text.trim() === '' ? undefined : storableText(text.trim());

/**
 * What results of checks say about alerts: a check that fails fires, the same check passing
 * resolves it, and one that could not run fires with a reason of its own. What a document does not
 * name, it leaves as it is.
 */
export function* alertsOfChecks(results: readonly Entry<CheckResult>[], now: number): Generator<void, Entry<AlertPayload>[]> {
  const byCheck = new Map<string, Entry<CheckResult>[]>();
  for (const [place, entry] of results.entries()) {
    const key = labelsKey(identityOf(entry.value));
    const same = byCheck.get(key);
    if (same === undefined) byCheck.set(key, [entry]);
    else same.push(entry);
    if (place % inARow === inARow - 1) yield;
  }
  const alerts: Entry<AlertPayload>[] = [];
  let place = 0;
  for (const same of byCheck.values()) {
    const worst = same.reduce((a, b) => (ranks[b.value.outcome] > ranks[a.value.outcome] ? b : a));
    const values = same.map(({ value }) => value);
    const alert = alertOf(worst.value, values, now);
    if (alert !== undefined) alerts.push({ index: worst.index, value: alert });
    place += 1;
    if (place % inARow === 0) yield;
  }
  return alerts;
}

const countsOf = (results: readonly Entry<CheckResult>[]): CheckCounts =>
  countsBy((outcome) => results.reduce((sum, { value }) => sum + Number(value.outcome === outcome), 0));

const identityOf = ({ check, dataset, column, identity }: CheckResult): Labels =>
  withoutEmpty({ ...identity, alertname: check, dataset, column });

function alertOf(result: CheckResult, same: readonly CheckResult[], now: number): AlertPayload | undefined {
  const { outcome, category, owner } = result;
  const effect = effects[outcome];
  if (effect === 'nothing') return undefined;
  const identity = identityOf(result);
  const severity = outcome === 'warn' ? 'warning' : result.severity;
  const at = Math.min(result.at ?? now, now);
  const shared = {
    identity,
    labels: { ...withoutEmpty({ ...result.labels, owner, category, severity }), ...identity },
    judgedAt: at,
    generatorURL: result.link,
  };
  if (effect === 'resolves') return { ...shared, annotations: {}, startsAt: undefined, endsAt: now };
  const what = `${cut(result.about ?? `${result.check} on ${placeOf(result)}`, longest.about)} ${verbs[outcome]}`;
  return {
    ...shared,
    // Pages tell one after the other: `not_null on orders.id failed: 3 of 10 values are null`.
    annotations: { summary: storableText(what), description: storableText(`${toldOf(same)}${runOf(result)}`) },
    startsAt: at,
    endsAt: undefined,
    endsAfter: checkEndsAfter,
  };
}

const placeOf = ({ dataset, column }: CheckResult): string => [dataset, column].filter((part) => part !== undefined).join('.');

/** What was found, of each result that does not pass. */
function toldOf(same: readonly CheckResult[]): string {
  const bad = same.filter(({ outcome }) => effects[outcome] === 'fires');
  const texts = bad.flatMap(({ observed }) => (observed === undefined || observed.trim() === '' ? [] : [observed.trim()]));
  const told = [...new Set(texts)].slice(0, mostTold);
  const most = Math.floor(longest.observed / Math.max(1, told.length));
  const found = told.map((text) => cut(text, most)).join('; ');
  const many = same.length === 1 ? '' : `${bad.length} of ${same.length} such checks`;
  const all = [many, found].filter((text) => text !== '').join(': ');
  return all === '' ? 'its sender gave no details' : all;
}

const runOf = ({ run }: CheckResult): string => (run === undefined ? '' : ` (run ${cut(run, longest.run)})`);
