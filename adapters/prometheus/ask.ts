import type { PrometheusSourceConfig } from '../../core/telemetry/sources/kinds/prometheus.ts';
import { labelsKey } from '../../core/vocabulary/labels-key.ts';
import { type Budget, type Share, StarvedError, shortness } from '../asked-in-time.ts';
import { TimedOutError, TooLongError } from '../exchange.ts';
import type { Access } from './access.ts';
import { AnswerError, type RangeAnswer, type RangeSeries } from './matrix.ts';
import { partsOf, type Unit } from './plan.ts';
import { ask, RefusedError } from './range.ts';

export type UnitAnswer = { ok: true; series: RangeSeries[]; notes: string[] } | { ok: false; error: string };

/**
 * A server hidden behind a limit of its own, such as Prometheus' `--query.max-concurrency` of 20,
 * is left room.
 */
const atOnce = 8;

/**
 * Answers every unit. Never throws: what fails is the answer of its unit. Once the server cannot be
 * reached or refuses the credentials, the rest is not asked.
 */
export async function askAll(
  source: PrometheusSourceConfig,
  access: Access,
  units: readonly Unit[],
  budget: Budget,
): Promise<Map<Unit, UnitAnswer>> {
  const url = new URL(`${source.url.replace(/\/+$/, '')}/api/v1/query_range`);
  const answers = new Map<Unit, UnitAnswer>();
  let down: string | undefined;
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let unit = units[next++]; unit !== undefined; unit = units[next++]) {
      if (down !== undefined) {
        answers.set(unit, { ok: false, error: down });
        budget.leave(unit.key);
        continue;
      }
      try {
        answers.set(unit, await budget.ask(unit.key, (share) => askUnit(unit, { url, source, access, share })));
      } catch (error) {
        const text = `${url.host}: ${errorText(error, url)}`;
        if (concernsAll(error)) down = text;
        answers.set(unit, { ok: false, error: text });
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, units.length) }, worker));
  return answers;
}

type Asking = { url: URL; source: PrometheusSourceConfig; access: Access; share: Share };

async function askUnit(unit: Unit, { url, source, access, share }: Asking): Promise<UnitAnswer> {
  const { query, step } = unit;
  const answers: RangeAnswer[] = [];
  for (const { start, end } of partsOf(unit)) {
    const timeoutMs = share.timeoutMs(source.timeout);
    const body = new URLSearchParams({
      query,
      start: String(start / 1000),
      end: String(end / 1000),
      step: String(step / 1000),
      timeout: `${timeoutMs}ms`,
    }).toString();
    const headers = await access.headers(url, body);
    // The server ends a query itself, and says so; the second is for its answer to arrive.
    const late = `no answer within ${timeoutMs} ms${shortness(timeoutMs, source.timeout)}`;
    const { connection } = access;
    answers.push(await ask(url, { headers, body, timeoutMs: timeoutMs + 1000, late, connection }, share.take));
  }
  return joined(answers);
}

/** Parts follow each other in time. */
function joined(answers: readonly RangeAnswer[]): UnitAnswer {
  const [only] = answers;
  const all = answers.length === 1 && only !== undefined ? only.series : joinedSeries(answers);
  const same = sameLabels(all);
  if (same !== undefined)
    return {
      ok: false,
      error: `the query gives several series with the labels ${same} and different metric names; name one metric`,
    };
  const notes = [...new Set(answers.flatMap((one) => one.notes))];
  return { ok: true, series: all, notes };
}

function joinedSeries(answers: readonly RangeAnswer[]): RangeSeries[] {
  const all = new Map<string, RangeSeries>();
  for (const one of answers.flatMap(({ series }) => series)) {
    const key = `${one.name ?? ''} ${labelsKey(one.labels)}`;
    const known = all.get(key);
    if (known === undefined) all.set(key, one);
    else {
      for (const point of one.points) known.points.push(point);
      for (const at of one.dropped) known.dropped.push(at);
    }
  }
  return [...all.values()];
}

/**
 * Labels that two metrics share, in words. Names are not labels here, so nothing would tell such
 * series apart.
 */
function sameLabels(all: readonly RangeSeries[]): string | undefined {
  const [first] = all;
  if (first === undefined || all.every(({ name }) => name === first.name)) return undefined;
  const seen = new Set<string>();
  for (const { labels } of all) {
    const key = labelsKey(labels);
    if (seen.has(key)) return JSON.stringify(labels).slice(0, 200);
    seen.add(key);
  }
  return undefined;
}

/** No connection at all: another query would wait or fail in the same way. */
const unreachable =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|ERR_TLS|ERR_SSL|EPROTO|HOSTNAME_MISMATCH)/;

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

function concernsAll(error: unknown): boolean {
  if (!(error instanceof RefusedError)) return unreachable.test(codeOf(error));
  const { status, text } = error;
  return status === 401 || status === 403 || (status >= 300 && status < 400) || (status === 404 && saidBy(text) === undefined);
}

/**
 * The server's own words, without addresses: those of a refused query say where in it the fault
 * lies.
 */
function errorText(error: unknown, url: URL): string {
  if (error instanceof AnswerError || error instanceof StarvedError) return error.message;
  if (error instanceof TimedOutError || error instanceof TooLongError) return error.message;
  if (!(error instanceof RefusedError)) {
    const code = codeOf(error);
    if (/CERT|SELF_SIGNED|UNABLE_TO|DEPTH_ZERO|HOSTNAME/.test(code))
      return `its certificate is not trusted (${code}); check \`tls\``;
    return `cannot be reached: ${code || (error instanceof Error ? error.message : String(error))}`;
  }
  const { status, text } = error;
  const said = saidBy(text);
  if (status >= 300 && status < 400) return `redirects with status ${status}; write the final address into the config`;
  if (status === 401 || status === 403)
    return `refuses the credentials with status ${status}${said === undefined ? '' : `: ${said.error}`}; check basic, bearer or sigv4 and their secrets`;
  if (said !== undefined && status < 500 && status !== 429) return `${said.error} (${said.errorType})`;
  if (status === 404) return `has nothing at ${url.pathname}; check the path prefix of \`url\``;
  return `HTTP status ${status}${said === undefined ? '' : `: ${said.error}`}`;
}

function saidBy(text: string): { errorType: string; error: string } | undefined {
  try {
    const { errorType, error } = JSON.parse(text) as Record<string, unknown>;
    if (typeof error !== 'string') return undefined;
    return { errorType: typeof errorType === 'string' ? errorType.slice(0, 40) : 'error', error: error.slice(0, 500) };
  } catch {
    return undefined;
  }
}
