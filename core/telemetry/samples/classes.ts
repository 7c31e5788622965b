import type { PredictionsSourceConfig } from '../sources/kinds/predictions.ts';
import { canonicalOutcome } from './outcome.ts';

type Declared = Pick<PredictionsSourceConfig, 'predicts' | 'positive'>;

/** The classes a source declares, in canonical spelling; undefined if it declares none. */
export const classesOf = ({ predicts }: Declared): string[] | undefined =>
  Array.isArray(predicts) ? predicts.map(canonicalOutcome) : undefined;

/**
 * How sums name a class. They count `1` as the positive class and `0` as the other one of two. A
 * source that declares its positive class has it named `1`, and the class that was `1` gets the
 * free name, so classes stay apart. Of two declared classes the other one is `0`.
 */
export function namesOfClasses(source: Declared): (canonical: string) => string {
  if (source.positive === undefined) return (canonical) => canonical;
  const positive = canonicalOutcome(source.positive);
  const others = (classesOf(source) ?? []).filter((one) => one !== positive);
  const [negative] = others;
  if (others.length === 1 && negative !== undefined)
    return nameOf(
      new Map([
        [positive, '1'],
        [negative, '0'],
      ]),
    );
  return nameOf(
    new Map([
      ['1', positive],
      [positive, '1'],
    ]),
  );
}

const nameOf =
  (names: ReadonlyMap<string, string>) =>
  (canonical: string): string =>
    names.get(canonical) ?? canonical;

/** Why a score is refused, or undefined. */
export function scoreReason(
  score: number | undefined,
  { score: kind }: Pick<PredictionsSourceConfig, 'score'>,
): string | undefined {
  if (score === undefined || kind === 'number' || (score >= 0 && score <= 1)) return undefined;
  return `score: expected a probability from 0 to 1; received ${score}; where scores are something else, declare \`score: number\` in the source`;
}
