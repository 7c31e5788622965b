import { copySeasons, emptySeasons, type Seasons } from './seasons.ts';
import { emptyTail, type Tail } from './tail.ts';
import { type Witness, witnesses } from './witnesses.ts';

/**
 * Everything the detector remembers of one series: plain JSON without NaN or infinity, and bounded
 * (about 2,900 numbers, whatever the length of the series).
 */
export interface AnomalyState {
  /** Changes when a stored state can no longer be continued. */
  version: 1;
  samples: number;
  /** Milliseconds since the epoch of the newest sample taken; null before the first. */
  lastAt: number | null;
  /** The newest values, oldest first. */
  values: number[];
  /** Slowly moving mean of the calmed values. */
  level: number;
  /** Short mean of what the season leaves unexplained. */
  drift: number;
  seasons: Seasons;
  tails: Record<Witness, Tail>;
  /**
   * Surprises of the last samples that no later one has exceeded, as [sample number, surprise],
   * falling.
   */
  peaks: [number, number][];
}

export const emptyAnomalyState = (): AnomalyState => ({
  version: 1,
  samples: 0,
  lastAt: null,
  values: [],
  level: 0,
  drift: 0,
  seasons: emptySeasons(),
  tails: tailsFrom(emptyTail),
  peaks: [],
});

export const copyState = (state: AnomalyState): AnomalyState => ({
  ...state,
  values: state.values.slice(),
  seasons: copySeasons(state.seasons),
  tails: tailsFrom((name) => ({ ...state.tails[name] })),
  peaks: state.peaks.map(([sample, surprise]) => [sample, surprise]),
});

function tailsFrom(tailOf: (name: Witness) => Tail): Record<Witness, Tail> {
  const tails: Partial<Record<Witness, Tail>> = {};
  for (const name of witnesses) tails[name] = tailOf(name);
  return tails as Record<Witness, Tail>;
}
