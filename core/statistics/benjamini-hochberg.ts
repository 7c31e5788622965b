export type Adjusted = {
  /** In input order; undefined where there was no p-value to adjust. */
  pValues: (number | undefined)[];
  /** How many tests were counted. */
  tested: number;
};

/**
 * Adjusts p-values for multiple testing. If drift is declared where the adjusted value is at most
 * q, the expected share of false discoveries is at most q, for independent or positively dependent
 * tests. undefined and NaN mean not tested: they stay undefined and are not counted. Throws
 * RangeError for a p-value outside [0, 1]. Source: Y. Benjamini and Y. Hochberg, Controlling the
 * false discovery rate, JRSS B 57 (1995) 289-300.
 */
export function benjaminiHochberg(pValues: readonly (number | undefined)[]): Adjusted {
  const tests: { at: number; p: number }[] = [];
  for (const [at, p] of pValues.entries()) {
    if (p === undefined || Number.isNaN(p)) continue;
    if (p < 0 || p > 1) throw new RangeError(`p-value ${at} is ${p}; give probabilities between 0 and 1`);
    tests.push({ at, p });
  }
  tests.sort((a, b) => b.p - a.p);
  const adjusted = new Array<number | undefined>(pValues.length).fill(undefined);
  let least = 1;
  for (const [i, { at, p }] of tests.entries()) {
    least = Math.min(least, p * (tests.length / (tests.length - i)));
    adjusted[at] = least;
  }
  return { pValues: adjusted, tested: tests.length };
}
