import { shown } from '../../vocabulary/shown.ts';
import { type HeartbeatReport, type HeartbeatState, heartbeatStates } from './heartbeat.ts';

/** Of a log this many characters are kept: the last, where programs say why they failed. */
const mostLog = 10_000;
const mostRunName = 100;

/** A report as it is sent: its state or exit code, and the parameters of its URL. */
export type SentReport = { state: string; query: Readonly<Record<string, readonly string[]>>; log: string; at: number };
export type ReadReport = { ok: true; report: HeartbeatReport } | { ok: false; error: string };

const parameters = ['run', 'exit', 'done', 'total'] as const;
type Parameter = (typeof parameters)[number];

/** What a job says, or why that cannot be read. */
export function readReport({ state: word, query, log, at }: SentReport): ReadReport {
  const odd = Object.keys(query).find((name) => !parameters.some((known) => known === name));
  if (odd !== undefined) return refused(`expected ${parameters.join(', ')} in the URL; received ${shown(odd)}`);
  const several = parameters.find((name) => (query[name]?.length ?? 0) > 1);
  if (several !== undefined) return refused(`expected ${several} once; received it ${query[several]?.length} times`);
  const get = (name: Parameter): string | undefined => query[name]?.[0];

  const exitOfState = /^\d{1,3}$/.test(word) ? word : undefined;
  const exit = exitOfState ?? get('exit');
  if (exit !== undefined && !/^-?\d{1,10}$/.test(exit))
    return refused(`expected an exit code such as 0 or 137; received ${shown(exit)}`);
  const exitCode = exit === undefined ? undefined : Number(exit);
  const state =
    exitOfState === undefined ? heartbeatStates.find((one) => one === word) : Number(exitOfState) === 0 ? 'success' : 'fail';
  if (state === undefined)
    return refused(`expected ${heartbeatStates.join(', ')} or an exit code after the name; received ${shown(word)}`);

  const run = get('run');
  if (run !== undefined && (run === '' || run.length > mostRunName || !run.isWellFormed()))
    return refused(`expected a run of 1 to ${mostRunName} characters; received ${shown(run)}`);
  const share = readShare(get('done'), get('total'));
  if (typeof share === 'string') return refused(share);
  const kept = log.trim() === '' ? undefined : log.slice(-mostLog).toWellFormed();
  return { ok: true, report: { state: endedBy(state, exitCode), at, run, done: share, exitCode, log: kept } };
}

const refused = (error: string): ReadReport => ({ ok: false, error });

/** A job that calls its failure a success: its exit code counts. */
const endedBy = (state: HeartbeatState, exitCode: number | undefined): HeartbeatState =>
  state === 'success' && exitCode !== undefined && exitCode !== 0 ? 'fail' : state;

/** How much is done, from 0 to 1; undefined if not said; a text if it cannot be read. */
function readShare(done: string | undefined, total: string | undefined): number | undefined | string {
  if (done === undefined) return total === undefined ? undefined : 'expected done beside total, such as ?done=40&total=100';
  const [part, whole] = [numberIn(done), total === undefined ? 1 : numberIn(total)];
  if (part === undefined) return `expected a number as done; received ${shown(done)}`;
  if (whole === undefined || whole === 0) return `expected a total above 0; received ${shown(total)}`;
  if (part <= whole) return part / whole;
  const ask = total === undefined ? 'a share from 0 to 1, or a total beside it' : `at most the total ${whole}`;
  return `expected as done ${ask}; received ${shown(done)}`;
}

/** A number that is not negative, as it is written in a URL. */
const numberIn = (text: string): number | undefined => (/^\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : undefined);
