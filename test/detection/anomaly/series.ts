import { normalFrom, randomFrom } from '../../../bench/nab/random.ts';
import { type AnomalyFinding, type AnomalySample, detectAnomalies } from '../../../core/detection/kinds/anomaly/detect.ts';
import { emptyAnomalyState } from '../../../core/detection/kinds/anomaly/state.ts';

export const stepMs = 300_000;
/** A Monday, midnight UTC. */
export const start = Date.parse('2024-01-01T00:00:00Z');

/** Values five minutes apart; `value` is given the row and a standard normal number. */
export function samplesOf(count: number, value: (i: number, noise: number) => number, seed = 1): AnomalySample[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, (_, i) => ({ at: start + i * stepMs, value: value(i, normalFrom(random)) }));
}

export const findingsOf = (samples: readonly AnomalySample[]): AnomalyFinding[] =>
  detectAnomalies(emptyAnomalyState(), samples).findings;

/** The rows at which something anomalous begins. */
export const eventsOf = (samples: readonly AnomalySample[]): number[] =>
  findingsOf(samples).flatMap(({ score }, i) => (score >= 0.5 ? [i] : []));
