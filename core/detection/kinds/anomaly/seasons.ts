/**
 * Learns what a series does at this time of the hour, day and week. Each profile keeps one slowly
 * moving mean per bin. The profile that recently predicted best, and clearly better than the recent
 * level, is used. Calendar periods need no period estimation, survive gaps, and fit what drives
 * most series: people and crons.
 */
export interface Season {
  means: number[];
  /** Samples per bin, capped at the memory of its mean. */
  counts: number[];
  /** How often a bin was seen again after a full period. */
  returns: number;
  /** The period in which each bin was last seen. */
  turns: number[];
  /** Recent mean absolute error of this profile's predictions. */
  error: number;
}

export interface Seasons {
  hour: Season;
  day: Season;
  week: Season;
  /** Recent mean absolute error when predicting the recent level. */
  levelError: number;
  seen: number;
}

const hourMs = 3_600_000;
const periods = {
  hour: { length: hourMs, bins: 12 },
  day: { length: 24 * hourMs, bins: 48 },
  week: { length: 168 * hourMs, bins: 168 },
};
export const seasonNames = ['hour', 'day', 'week'] as const;
export type SeasonName = (typeof seasonNames)[number];

/** The memory of bin means and errors, in samples. */
const binMemory = 30;
const errorMemory = 500;
/** A season must beat the level by a tenth to be used. */
const margin = 0.9;

const emptySeason = (bins: number): Season => ({
  means: new Array<number>(bins).fill(0),
  counts: new Array<number>(bins).fill(0),
  returns: 0,
  turns: new Array<number>(bins).fill(0),
  error: 0,
});

export const emptySeasons = (): Seasons => ({
  hour: emptySeason(periods.hour.bins),
  day: emptySeason(periods.day.bins),
  week: emptySeason(periods.week.bins),
  levelError: 0,
  seen: 0,
});

const copySeason = (season: Season): Season => ({
  ...season,
  means: season.means.slice(),
  counts: season.counts.slice(),
  turns: season.turns.slice(),
});

export const copySeasons = (seasons: Seasons): Seasons => ({
  ...seasons,
  hour: copySeason(seasons.hour),
  day: copySeason(seasons.day),
  week: copySeason(seasons.week),
});

function binOf(name: SeasonName, at: number): { bin: number; turn: number } {
  const { length, bins } = periods[name];
  const turn = Math.floor(at / length);
  return { turn, bin: Math.min(bins - 1, Math.floor(((at - turn * length) / length) * bins)) };
}

/** The expected value at a time: from the best season, else the given level. `by` names which. */
export function expectedAt(seasons: Seasons, at: number, level: number): { expected: number; by: SeasonName | 'level' } {
  let [expected, error, by]: [number, number, SeasonName | 'level'] = [level, seasons.levelError, 'level'];
  for (const name of seasonNames) {
    const season = seasons[name];
    const { bin } = binOf(name, at);
    if ((season.counts[bin] ?? 0) > 0 && season.returns >= periods[name].bins && season.error < error * margin) {
      [expected, error, by] = [season.means[bin] ?? level, season.error, name];
    }
  }
  return { expected, by };
}

/** Learns a value. Modifies the seasons passed in. */
export function learnSeasons(seasons: Seasons, at: number, value: number, level: number): void {
  seasons.seen = Math.min(seasons.seen + 1, errorMemory);
  seasons.levelError += (Math.abs(value - level) - seasons.levelError) / seasons.seen;
  for (const name of seasonNames) {
    const season = seasons[name];
    const { bin, turn } = binOf(name, at);
    const count = season.counts[bin] ?? 0;
    const mean = season.means[bin] ?? 0;
    if (count > 0) {
      if (turn !== season.turns[bin]) season.returns = Math.min(season.returns + 1, errorMemory);
      season.error += (Math.abs(value - mean) - season.error) / Math.min(season.returns + 1, errorMemory);
    }
    season.turns[bin] = turn;
    season.counts[bin] = Math.min(count + 1, binMemory);
    season.means[bin] = mean + (value - mean) / Math.min(count + 1, binMemory);
  }
}
