/**
 * Reads the answer of `query_range` piece by piece: each series is parsed by itself as it arrives,
 * so that a long answer neither stops the process for the time of one JSON.parse nor is in memory
 * as text and as values at once.
 */

import type { Point } from '../../core/telemetry/series.ts';
import type { Labels } from '../../core/vocabulary/schema-parts.ts';

/**
 * One series as received. `name`: its `__name__`, which is not among the labels. `dropped`: when it
 * had a value that is NaN or infinite, which has no point. Times in milliseconds.
 */
export type RangeSeries = { name: string | undefined; labels: Labels; points: Point[]; dropped: number[] };

export type RangeAnswer = {
  series: RangeSeries[];
  /** What is missing or left out, and why. */
  notes: string[];
};

/** The answer is not what the API documents, or too long. */
export class AnswerError extends Error {
  override name = 'AnswerError';
}

/** More than any rule may judge. */
const maxSeries = 100_000;
/** One series of 11,000 points, the most that Prometheus gives, takes less than a tenth of it. */
const maxSeriesBytes = 4 * 1024 * 1024;
/** All but the series: status, warnings, statistics. */
const maxAroundBytes = 256 * 1024;

const [quote, backslash, open, close, openList, closeList] = [0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d];

type MatrixReader = { take(chunk: Buffer): void; end(): RangeAnswer };

export function matrixReader(): MatrixReader {
  const answer: RangeAnswer = { series: [], notes: [] };
  /** Everything outside of series. */
  let around = '';
  let depth = 0;
  let inString = false;
  let escaped = false;
  /** The depth inside the list of series; 0 outside of it. */
  let listDepth = 0;
  /** Pieces of a series that began in an earlier chunk. */
  let begun: Buffer[] = [];
  let begunBytes = 0;
  let histograms = 0;

  const addAround = (text: string): void => {
    around += text;
    if (around.length > maxAroundBytes) throw new AnswerError('its answer is no list of series, and too long to look at');
  };
  const addSeries = (bytes: Buffer): void => {
    if (answer.series.length >= maxSeries)
      throw new AnswerError(`the query has more than ${maxSeries} series; aggregate, as with \`sum by (...)\`, or take \`topk\``);
    const { name, labels, values, hasHistograms } = seriesOf(bytes);
    if (hasHistograms) histograms += 1;
    const points: Point[] = [];
    const dropped: number[] = [];
    for (const pair of values) {
      if (!Array.isArray(pair)) throw new AnswerError('its answer has a value that is no pair of time and text');
      const [at, text] = pair as unknown[];
      if (typeof at !== 'number') throw new AnswerError('its answer has a value without a time');
      const value = Number(text);
      if (Number.isFinite(value)) points.push({ at: Math.round(at * 1000), value });
      else dropped.push(Math.round(at * 1000));
    }
    answer.series.push({ name, labels, points, dropped });
  };

  return {
    take(chunk) {
      let from = 0;
      const inSeries = (): boolean => listDepth > 0 && depth > listDepth;
      for (let index = 0; index < chunk.length; index += 1) {
        const byte = chunk[index];
        if (inString) {
          if (escaped) escaped = false;
          else if (byte === backslash) escaped = true;
          else if (byte === quote) inString = false;
          continue;
        }
        if (byte === quote) inString = true;
        else if (byte === open || byte === openList) {
          if (listDepth > 0 && depth === listDepth) {
            // Commas between series.
            from = index;
          } else if (byte === openList && listDepth === 0 && depth === 2) {
            addAround(chunk.toString('utf8', from, index));
            from = index;
            if (/"result"\s*:\s*$/.test(around.slice(-40))) listDepth = depth + 1;
          }
          depth += 1;
        } else if (byte === close || byte === closeList) {
          depth -= 1;
          if (listDepth === 0) continue;
          if (depth === listDepth) {
            const piece = chunk.subarray(from, index + 1);
            addSeries(begun.length === 0 ? piece : Buffer.concat([...begun, piece]));
            begun = [];
            begunBytes = 0;
            from = index + 1;
          } else if (depth === listDepth - 1) {
            addAround('[]');
            listDepth = 0;
            from = index + 1;
          }
        }
      }
      if (inSeries()) {
        // A copy: the chunk's memory is the socket's.
        begun.push(Buffer.from(chunk.subarray(from)));
        begunBytes += chunk.length - from;
        if (begunBytes > maxSeriesBytes) throw new AnswerError(`one series has more than ${maxSeriesBytes / 1024 ** 2} MB`);
      } else if (listDepth === 0) addAround(chunk.toString('utf8', from));
    },
    end() {
      answer.notes.push(...notesOf(around));
      if (histograms > 0)
        answer.notes.push(
          `${histograms} native histogram${histograms === 1 ? '' : 's'} left out; take a number of them, such as histogram_quantile`,
        );
      return answer;
    },
  };
}

function seriesOf(bytes: Buffer): { name: string | undefined; labels: Labels; values: unknown[]; hasHistograms: boolean } {
  const { metric, values = [], histograms } = parsed(bytes.toString('utf8')) as Record<string, unknown>;
  if (typeof metric !== 'object' || metric === null || !Array.isArray(values))
    throw new AnswerError('its answer has a series without `metric` and `values`');
  let name: string | undefined;
  const labels: [string, string][] = [];
  for (const [label, value] of Object.entries(metric)) {
    if (typeof value !== 'string') throw new AnswerError('its answer has a label that is no text');
    if (label === '__name__') name = value;
    else labels.push([label, value]);
  }
  return { name, labels: Object.fromEntries(labels), values, hasHistograms: histograms !== undefined };
}

/**
 * What the answer says beside its series. Infos are remarks about how the query is written, and
 * nothing is missing.
 */
function notesOf(around: string): string[] {
  const { status, data, warnings, isPartial } = parsed(around) as Record<string, unknown>;
  const type = (data as { resultType?: unknown } | undefined)?.resultType;
  if (status !== 'success' || type !== 'matrix')
    throw new AnswerError(
      typeof type === 'string'
        ? `it answered with a ${type.slice(0, 20)} where a list of series was expected`
        : 'its answer is not that of the Prometheus API; check the address',
    );
  const notes = Array.isArray(warnings) ? warnings.map((one) => String(one).slice(0, 300)) : [];
  // VictoriaMetrics says so when some of its storage did not answer.
  if (isPartial === true) notes.push('some of its storage did not answer (isPartial)');
  return notes;
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // The error of JSON.parse quotes the answer.
  }
  throw new AnswerError('its answer is not the JSON of the Prometheus API; check the address');
}
