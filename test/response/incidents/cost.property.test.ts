import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costOf, type Exposure } from '../../../core/response/incidents/cost.ts';

/** Predictions one by one: what each was worth, and whether it was right, if that is known. */
const made = fc.array(
  fc.record({
    value: fc.option(fc.integer({ min: 0, max: 1000 }), { nil: undefined }),
    isRight: fc.option(fc.boolean(), { nil: undefined }),
  }),
  { maxLength: 30 },
);
type Made = { value: number | undefined; isRight: boolean | undefined }[];

function exposureOf(predictions: Made): Exposure {
  const valued = predictions.flatMap(({ value, isRight }) => (value === undefined ? [] : [{ value, isRight }]));
  const known = valued.filter(({ isRight }) => isRight !== undefined);
  const sum = (of: typeof valued): number => of.reduce((all, { value }) => all + value, 0);
  return {
    count: predictions.length,
    stakes: {
      ...{ valued: valued.length, sum: sum(valued), labelled: known.length, labelledSum: sum(known) },
      wrongSum: sum(known.filter(({ isRight }) => isRight === false)),
    },
  };
}
const scaled = (predictions: Made, by: number): Made =>
  predictions.map((one) => ({ ...one, value: one.value === undefined ? undefined : one.value * by }));

describe('what an incident costs', () => {
  it('is at most what was exposed: wrong in known in exposed, and beyond the usual in wrong', () => {
    fc.assert(
      fc.property(made, made, (during, before) => {
        const cost = costOf(exposureOf(during), exposureOf(before));
        if (during.every(({ value }) => value === undefined)) {
          expect(cost).toBeUndefined();
          return;
        }
        const { exposed = 0, predictions = 0, unvalued = 0, judged } = cost ?? {};
        expect(predictions + unvalued).toBe(during.length);
        if (judged === undefined) return;
        expect(judged.known).toBeLessThanOrEqual(exposed);
        expect(judged.wrong).toBeLessThanOrEqual(judged.known);
        expect(judged.beyond ?? 0).toBeLessThanOrEqual(judged.wrong);
        expect(judged.beyond ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('is nothing beyond the usual where all is as before, and all that is wrong where nothing was', () => {
    fc.assert(
      fc.property(made, (predictions) => {
        const exposure = exposureOf(predictions);
        expect(costOf(exposure, exposure)?.judged?.beyond ?? 0).toBeCloseTo(0, 9);
        const faultless = { count: 1, stakes: { valued: 1, sum: 5, labelled: 1, labelledSum: 5, wrongSum: 0 } };
        const judged = costOf(exposure, faultless)?.judged;
        expect(judged?.beyond).toBe(judged?.wrong);
      }),
    );
  });

  it('is the same in cents as in euros', () => {
    fc.assert(
      fc.property(made, made, (during, before) => {
        const euros = costOf(exposureOf(during), exposureOf(before));
        const cents = costOf(exposureOf(scaled(during, 100)), exposureOf(scaled(before, 100)));
        expect(cents?.exposed).toBe(euros && euros.exposed * 100);
        if (euros?.judged?.beyond !== undefined) expect(cents?.judged?.beyond).toBeCloseTo(euros.judged.beyond * 100, 6);
      }),
    );
  });

  it('compares with nothing where nothing was known before, and judges no model that predicts numbers', () => {
    const during = exposureOf([{ value: 10, isRight: false }]);
    const unknown = exposureOf([{ value: 10, isRight: undefined }]);
    expect(costOf(during, unknown)?.judged).toEqual({ known: 10, wrong: 10 });
    expect(costOf(during, undefined)?.judged).toEqual({ known: 10, wrong: 10 });
    expect(costOf(during, during, { predictsNumbers: true })).toEqual({ predictions: 1, exposed: 10, unvalued: 0 });
  });

  it('holds sums within each other, which labels that were taken back leave with the rounding of a double', () => {
    const rounded = { valued: 1, sum: 0.3, labelled: 1, labelledSum: 0.1 + 0.2 - 0.3, wrongSum: -1e-17 };
    expect(costOf({ count: 1, stakes: rounded }, undefined)?.judged).toMatchObject({ wrong: 0 });
  });
});
