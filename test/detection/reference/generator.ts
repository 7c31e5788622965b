import { type Random, randomOf } from './random.ts';
import type { RuleInput, Story, StoryPoint } from './story.ts';
import { t0 } from './written.ts';

const minute = 60_000;
const hour = 60 * minute;

type Scale = { step: number; stepText: string; ticks: number[] };

/**
 * Stories that share their ticks, so that the product can judge them together: a rule and a series
 * each.
 */
export function storiesOf(seed: number, many: number): Story[] {
  const random = randomOf(seed);
  const [step, stepText] = random.pick([
    [minute, '1m'],
    [minute, '1m'],
    [5 * minute, '5m'],
    [hour, '1h'],
  ] as const);
  const scale = { step, stepText, ticks: ticksOf(random, step) };
  return Array.from({ length: many }, () => storyOf(random, scale));
}

/** On the step, a little after it, late, and in bursts. */
function ticksOf(random: Random, step: number): number[] {
  const offset = random.pick([0, 0, 1000, random.whole(1, 59) * (step / 60)]);
  const jitter = random.chance(0.3);
  const missed = random.pick([0, 0, 0.05, 0.3]);
  const burst = random.pick([0, 0, 0.1]);
  const ticks: number[] = [];
  for (let n = 1; ticks.length < 100; n += 1) {
    const at = t0 + n * step + (jitter ? random.whole(0, 59) * (step / 60) : offset);
    if (n > 1 && random.chance(missed)) continue;
    // Now and then nothing ticks for a while.
    if (n > 1 && missed > 0 && random.chance(0.02)) n += random.whole(2, 15);
    ticks.push(at);
    if (random.chance(burst)) for (let more = 1; more < random.whole(2, 4); more += 1) ticks.push(at + more * (step / 60));
  }
  return [...new Set(ticks)].sort((a, b) => a - b);
}

function storyOf(random: Random, scale: Scale): Story {
  const kind = random.pick(['threshold', 'fixed', 'rolling', 'rolling', 'rolling', 'seasonal', 'share'] as const);
  const { rule, levels } =
    kind === 'threshold'
      ? thresholdRule(random)
      : kind === 'share'
        ? shareRule(random, scale)
        : degradationRule(random, kind === 'seasonal' && scale.step < hour ? 'rolling' : kind, scale);
  const [m, n] = random.pick([
    [1, 1],
    [1, 1],
    [2, 3],
    [3, 5],
    [1, 5],
    [5, 5],
    [2, 8],
  ] as const);
  const steps = (many: number): string => `${(many * scale.step) / minute}m`;
  const every = random.chance(0.15) ? random.whole(2, 6) : 1;
  const hasCounts = kind === 'share' || random.chance(0.25);
  const story: RuleInput = {
    step: scale.stepText,
    ...rule,
    for: `${m}/${n}`,
    noData: random.pick(['hold', 'ok', 'alert'] as const),
    ...(random.chance(0.5) ? { keepFiring: steps(random.whole(1, 10)) } : {}),
    ...(every > 1 ? { every: steps(every), ...(random.chance(0.5) ? { whileActive: steps(1) } : {}) } : {}),
    ...(kind !== 'threshold' && kind !== 'share' && random.chance(0.2) ? { recover: random.pick(['100%', '50%', '90%']) } : {}),
    ...(hasCounts ? { samples: samplesOf(random, kind === 'share') } : {}),
  };
  const lag = random.chance(0.2) ? { lag: random.pick([2, 10, 30]) * (scale.step / 10) * random.whole(1, 3) } : {};
  return {
    rule: story,
    points: pointsOf(random, scale, levels, hasCounts, lag.lag ?? 0),
    ticks: scale.ticks,
    ...lag,
  };
}

function samplesOf(random: Random, isShare: boolean): RuleInput['samples'] {
  if (!isShare) return { minCount: 10 };
  return { confidence: random.pick(['95%', '80%']), ...(random.chance(0.5) ? { minCount: 10 } : {}) };
}

/** Values that lie in the bands of a rule, and exactly at their ends. */
type Levels = { good: number[]; warn: number[]; critical: number[]; edge: number[] };

function thresholdRule(random: Random): { rule: RuleInput; levels: Levels } {
  const [warn, critical] = random.pick([
    [100, 200],
    [-200, -100],
    [0, 10],
    [100, undefined],
    [undefined, 200],
    [100, 110],
  ] as const);
  const isAbove = random.chance(0.5);
  // Below, the same bounds mirrored.
  const side = (value: number | undefined): number | undefined => (value === undefined ? value : isAbove ? value : -value || 0);
  const bounds = {
    ...(warn === undefined ? {} : { warn: side(warn) as number }),
    ...(critical === undefined ? {} : { critical: side(critical) as number }),
  };
  const low = warn ?? (critical as number);
  const high = critical ?? warn + 100;
  const all = {
    good: [low - 200, low - 150],
    warn: [low + (high - low) / 2, low + 1],
    critical: [high + 50, high + 1],
    edge: [
      low,
      high,
      low - Math.abs(low) * 0.1,
      high - Math.abs(high) * 0.1,
      low - Math.abs(low) * 0.2,
      high - Math.abs(high) * 0.2,
    ],
  };
  // Where it ends: at values of its own, by a share of the room, or at the bound.
  const end = random.pick([low - 200, low - 50, low, low + 1]);
  const range = side(end) as number;
  const how = random.pick(['bound', 'room', 'room', 'value', 'values'] as const);
  const ends =
    how === 'value'
      ? { recover: side(low - random.pick([0, 20, 50])) as number }
      : how === 'values'
        ? { recover: { [warn === undefined ? 'critical' : 'warn']: side(low - 40) as number } }
        : {};
  const rest: RuleInput =
    how === 'room'
      ? {
          range: isAbove ? { min: range } : { max: range },
          ...(random.chance(0.4) ? { recover: random.pick(['100%', '50%', '90%']) } : {}),
        }
      : {};
  all.edge.push(low - 20, low - 40, low - 50, end, end + 0.8 * (low - end), end + 0.8 * (high - end), end + 0.5 * (low - end));
  const levels = Object.fromEntries(Object.entries(all).map(([name, values]) => [name, values.map((v) => side(v) as number)]));
  const written = { ...bounds, ...ends };
  return { rule: { threshold: isAbove ? { above: written } : { below: written }, ...rest }, levels: levels as Levels };
}

function degradationRule(
  random: Random,
  kind: 'fixed' | 'rolling' | 'seasonal',
  scale: Scale,
): { rule: RuleInput; levels: Levels } {
  const direction = random.pick(['drop', 'rise'] as const);
  const size = random.chance(0.15) ? -100 : 100;
  const worse = (share: number): number => size + (direction === 'drop' ? -1 : 1) * Math.abs(size) * share;
  const steps = (many: number): string => `${(many * scale.step) / minute}m`;
  const maxAge = random.chance(0.2) ? { maxAge: steps(kind === 'seasonal' ? random.whole(20, 60) : random.whole(3, 12)) } : {};
  const baseline =
    kind === 'fixed'
      ? { fixed: size }
      : kind === 'rolling'
        ? {
            rolling: {
              window: steps(random.whole(5, 40)),
              minPoints: random.whole(1, 10),
              statistic: random.pick(['median', 'mean'] as const),
              ...maxAge,
            },
          }
        : {
            seasonal: {
              season: 'day' as const,
              periods: random.whole(2, 3),
              minPeriods: 2,
              slot: random.pick(['1h', '6h', '24h']),
              deviations: random.pick([0, 3]),
              ...maxAge,
            },
          };
  const zero = random.chance(0.05);
  return {
    rule: { degradation: { direction, baseline, ...(random.chance(0.5) ? { warn: '20%', critical: '50%' } : {}) } },
    levels: {
      good: zero ? [0] : [worse(0), worse(-0.01), worse(0.01)],
      warn: [worse(0.07), worse(0.3), worse(0.045)],
      critical: [worse(0.15), worse(0.6), worse(0.45)],
      edge: [worse(0.05), worse(0.1), worse(0.04), worse(0.08), worse(0.2), worse(0.5), worse(0.16), worse(0.4), 0],
    },
  };
}

/** Shares of so many samples, which may be past a bound by chance. */
function shareRule(random: Random, scale: Scale): { rule: RuleInput; levels: Levels } {
  if (random.chance(0.5)) {
    const levels = { good: [0.95, 0.9], warn: [0.78, 0.75], critical: [0.65, 0.5], edge: [0.79, 0.69, 0.76, 0.84, 1, 0] };
    const range = random.chance(0.7) ? { range: { min: 0, max: 1 } } : {};
    return { rule: { threshold: { below: { warn: 0.8, critical: 0.7 } }, ...range }, levels };
  }
  const window = `${(random.whole(5, 40) * scale.step) / minute}m`;
  const baseline = random.chance(0.5) ? { fixed: 0.8 } : { rolling: { window, minPoints: random.whole(1, 10) } };
  const levels = { good: [0.8, 0.79, 0.81], warn: [0.7, 0.74], critical: [0.6, 0.66], edge: [0.75, 0.71, 0.77, 0.9, 1] };
  return { rule: { degradation: { direction: 'drop', baseline } }, levels };
}

type Regime = 'good' | 'warn' | 'critical' | 'edge' | 'silence' | 'flap' | 'any';

function pointsOf(random: Random, { step, ticks }: Scale, levels: Levels, hasCounts: boolean, judgedLater: number): StoryPoint[] {
  const first = Math.floor(((ticks[0] as number) - judgedLater) / step) * step;
  const last = ticks.at(-1) as number;
  const before = random.pick([0, 0, 10, 30]);
  const lag = random.pick([0, 0, 0, random.whole(1, 6)]) * step;
  const jitter = random.pick([0, 0, 0.2]);
  const lost = random.pick([0, 0, 0.1, 0.4]);
  const points: StoryPoint[] = [];
  let regime: Regime = 'good';
  let left = random.whole(1, 40);
  for (let at = first - before * step; at <= last; at += step) {
    if (left-- <= 0) {
      regime = random.pick(['good', 'good', 'good', 'warn', 'critical', 'critical', 'edge', 'silence', 'flap', 'any'] as const);
      left = random.pick([1, 2, 3, random.whole(1, 12), random.whole(5, 40)]);
    }
    const isFirst = at <= first;
    if (!isFirst && (regime === 'silence' || random.chance(lost))) continue;
    const value = valueIn(random, levels, regime);
    const count =
      hasCounts && !random.chance(0.1) ? { count: random.chance(0.3) ? random.whole(1, 9) : random.whole(10, 200) } : {};
    const late = random.chance(jitter) ? random.whole(0, 5) * step : 0;
    points.push({ at, value, ...count, knownAt: isFirst ? 0 : at + lag + late });
  }
  return points;
}

function valueIn(random: Random, levels: Levels, regime: Regime): number {
  if (regime === 'silence') return valueIn(random, levels, 'good');
  if (regime === 'any') return valueIn(random, levels, random.pick(['good', 'warn', 'critical', 'edge']));
  if (regime === 'flap') return valueIn(random, levels, random.pick(['good', 'critical']));
  return random.pick(levels[regime]);
}
