import { copySeasons, emptySeasons, type Seasons } from './seasons.ts';
import { emptyTail, type Tail } from './tail.ts';
import { type Witness, witnesses } from './witnesses.ts';

/**
 * The detector's state for one series: plain JSON without NaN or infinity, bounded at about 2,900
 * numbers.
 */
export interface AnomalyState {
  /** Changes when a stored state can no longer be continued. */
  version: 1;
  samples: number;
  /** The newest sample's time, milliseconds since the epoch; null before the first. */
  lastAt: number | null;
  /** The newest values, oldest first. */
  values: number[];
  /** Slowly moving mean of the clamped values. */
  level: number;
  /** Short mean of the residual after the season. */
  drift: number;
  seasons: Seasons;
  tails: Record<Witness, Tail>;
  /** Recent surprises not exceeded by a later one, as [sample number, surprise], descending. */
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
