import { expectedAt, learnSeasons, type SeasonName } from './seasons.ts';
import { shapeHistory, shapeLength } from './shape.ts';
import { type AnomalyState, copyState } from './state.ts';
import { learn, samplesToSpeak, surpriseOf } from './tail.ts';
import { measure, saw, type Witness, witnesses } from './witnesses.ts';

export interface AnomalySample {
  /** Milliseconds since the epoch. */
  at: number;
  value: number;
}

export interface AnomalyFinding {
  at: number;
  /**
   * 0 to 1. At 0.5 or more this sample begins an anomaly. Only a sample more surprising than the
   * 150 before it scores; after an anomaly it must be half as surprising again. So one event is
   * reported once, and again only if it grows.
   */
  score: number;
  /** How unusual the series is now, without that damping; 4.5 or more is anomalous. */
  surprise: number;
  /** The value expected from season or level; absent before the first sample. */
  expected?: number;
  reason: string;
}

/**
 * The surprise that scores 0.5; tuned on half of the benchmark's series and on synthetic ones, see
 * docs/anomaly.md.
 */
export const surpriseBound = 4.5;

/** The score from which a sample begins an anomaly. */
export const anomalousScore = 0.5;

/** A smaller surprise is ignored for this many samples after a larger one. */
const quietSamples = 150;
/**
 * How much a surprise must exceed the largest of the quiet samples: a little, or by half after a
 * reported event.
 */
const leastGrowth = 0.05;
const leastGrowthOfEvent = 1.5;
const levelMemory = 300;
const driftMemory = 12;
/** Squares and sums of larger values would overflow. */
const largest = 1e150;
/** The largest time a Date can hold. */
const lastTime = 8.64e15;
const kept = shapeHistory + shapeLength + 1;
/** Old values are dropped in chunks of this size. */
const slack = 128;

/**
 * Judges samples in time order, each by those before it. Pure: returns a new state that continues
 * the series. Splitting a series into calls does not change the findings. A sample that is not
 * finite, or older than one already seen, is refused with a reason, scores 0 and is not learned.
 */
export function detectAnomalies(
  state: AnomalyState,
  samples: readonly AnomalySample[],
): { state: AnomalyState; findings: AnomalyFinding[] } {
  if (state.version !== 1) {
    throw new Error(
      `an anomaly state of version ${JSON.stringify(state['version'])} cannot be continued: begin again from an empty one`,
    );
  }
  const next = copyState(state);
  return { findings: samples.map((sample) => take(next, sample)), state: next };
}

function take(state: AnomalyState, { at, value: given }: AnomalySample): AnomalyFinding {
  const isTime = Math.abs(at) <= lastTime;
  if (!Number.isFinite(given) || !isTime) {
    return { at, score: 0, surprise: 0, reason: isTime ? `skipped: the value is ${given}` : `skipped: the time is ${at}` };
  }
  if (state.lastAt !== null && at < state.lastAt) {
    return { at, score: 0, surprise: 0, reason: `skipped: older than the sample at ${new Date(state.lastAt).toISOString()}` };
  }
  // Adding zero turns -0, which JSON does not keep, into 0.
  const value = Math.min(largest, Math.max(-largest, given)) + 0;
  const first = state.samples === 0;
  const level = first ? value : state.level;
  const { expected, by } = expectedAt(state.seasons, at, level);
  state.values.push(value);
  if (state.values.length >= kept + slack) state.values.splice(0, slack);
  const calm = calmed(state.values, value, state.tails.deviation.bound);
  state.drift += (calm - expected - state.drift) / driftMemory;

  const measured = measure({ values: state.values, level, expected, drift: state.drift });
  let [squares, strongest, most]: [number, Witness, number] = [0, 'jump', 0];
  for (const name of witnesses) {
    const surprise = surpriseOf(state.tails[name], measured[name]);
    learn(state.tails[name], measured[name]);
    squares += surprise * surprise;
    if (surprise > most) [strongest, most] = [name, surprise];
  }
  const surprise = Math.sqrt(squares);

  state.samples += 1;
  state.lastAt = at;
  state.level = first ? value : level + (calm - level) / Math.min(state.samples, levelMemory);
  learnSeasons(state.seasons, at, calm, level);
  const score = restrain(state, surprise) ? surprise / (surprise + surpriseBound) : 0;
  const finding = { at, score, surprise, reason: reasonOf(state, surprise, strongest, value, expected, by) };
  return first ? finding : { ...finding, expected };
}

/**
 * The value clamped to within ten times the usual high-water mark around the median of its five
 * latest neighbours: safe to learn.
 */
function calmed(values: readonly number[], value: number, bound: number): number {
  const middle = values.slice(-5).sort((a, b) => a - b)[Math.floor(Math.min(5, values.length) / 2)] ?? value;
  return Math.min(middle + 10 * bound, Math.max(middle - 10 * bound, value));
}

/** Whether this surprise exceeds those of the quiet samples before it. Remembers it. */
function restrain(state: AnomalyState, surprise: number): boolean {
  const { peaks, samples } = state;
  while (peaks[0] && peaks[0][0] < samples - quietSamples) peaks.shift();
  const greatest = peaks[0]?.[1] ?? 0;
  const exceeds = surprise > (greatest >= surpriseBound ? greatest * leastGrowthOfEvent : greatest + leastGrowth);
  while ((peaks.at(-1)?.[1] ?? Number.POSITIVE_INFINITY) <= surprise) peaks.pop();
  if (surprise > 0) peaks.push([samples, surprise]);
  return exceeds;
}

function reasonOf(
  { samples }: AnomalyState,
  surprise: number,
  strongest: Witness,
  value: number,
  expected: number,
  by: SeasonName | 'level',
): string {
  if (samples <= samplesToSpeak) return `learning: ${samplesToSpeak - samples} samples to go`;
  if (surprise < surpriseBound) return 'as usual';
  const basis = by === 'level' ? 'the recent level' : `this time of the ${by}`;
  return `${saw[strongest]}: ${short(value)}, where ${basis} led to expect ${short(expected)}`;
}

const short = (value: number): string => String(Number(value.toPrecision(4)));
