import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DeploymentState, newDeployment } from '../../core/remediation/deployments/deployment.ts';
import { maxGapMs, servedAtLeast, sighted } from '../../core/remediation/deployments/served.ts';

const minute = 60_000;
const versions = ['1', '2', '3'];

/** Which version really served when: stretches of minutes, one after the other. */
const history = fc.array(fc.record({ version: fc.constantFrom(...versions), minutes: fc.integer({ min: 1, max: 90 }) }), {
  minLength: 1,
  maxLength: 12,
});
/** Minutes between two looks. */
const looks = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 60 });

type Stretch = { version: string; from: number; to: number; revision: string };

function stretchesOf(parts: readonly { version: string; minutes: number }[]): Stretch[] {
  let at = 0;
  return parts.map(({ version, minutes }, n) => {
    const from = at;
    at += minutes * minute;
    return { version, from, to: at, revision: `r${n}` };
  });
}

function lookedAt(stretches: readonly Stretch[], times: readonly number[], tellsRevision: boolean): DeploymentState {
  let state = newDeployment('scorer');
  for (const at of times) {
    const live = stretches.find(({ from, to }) => from <= at && at < to);
    if (live === undefined) break;
    const revision = tellsRevision ? { revision: live.revision } : {};
    state = sighted(state, { current: live.version, candidates: [], ...revision }, at);
  }
  return state;
}

const timesOf = (gaps: readonly number[]): number[] => {
  let at = 0;
  return gaps.map((gap) => {
    at += gap * minute;
    return at;
  });
};

describe('what is known of how long a version has served', () => {
  it('is never more than it has served, where the hook tells of each change by a revision', () => {
    fc.assert(
      fc.property(history, looks, (parts, gaps) => {
        const stretches = stretchesOf(parts);
        const state = lookedAt(stretches, timesOf(gaps), true);
        for (const version of versions) {
          const real = stretches.filter((one) => one.version === version).reduce((sum, { from, to }) => sum + to - from, 0);
          expect(servedAtLeast(state, version)).toBeLessThanOrEqual(real);
        }
      }),
    );
  });

  it('is wrong without a revision by no more than what lies between two looks', () => {
    fc.assert(
      fc.property(history, looks, (parts, gaps) => {
        const stretches = stretchesOf(parts);
        const state = lookedAt(stretches, timesOf(gaps), false);
        const others = (version: string): number =>
          stretches
            .filter((one) => one.version !== version && one.to - one.from < maxGapMs)
            .reduce((sum, { from, to }) => sum + to - from, 0);
        for (const version of versions) {
          const real = stretches.filter((one) => one.version === version).reduce((sum, { from, to }) => sum + to - from, 0);
          expect(servedAtLeast(state, version)).toBeLessThanOrEqual(real + others(version));
        }
      }),
    );
  });

  it('is all of it where somebody looks often enough', () => {
    const state = lookedAt(stretchesOf([{ version: '1', minutes: 120 }]), timesOf(Array.from({ length: 24 }, () => 5)), true);
    expect(servedAtLeast(state, '1')).toBe(22 * 5 * minute);
  });

  it('does not grow by a clock that is set back, and holds few versions', () => {
    let state = newDeployment('scorer');
    for (const at of [10, 5, 4, 3]) state = sighted(state, { current: '1', candidates: [] }, at * minute);
    expect(servedAtLeast(state, '1')).toBe(0);
    for (let n = 0; n < 500; n += 1) state = sighted(state, { current: `v${n}`, candidates: [] }, (20 + n) * minute);
    expect(state.served?.length).toBe(50);
    expect(state.served?.at(-1)?.version).toBe('v499');
  });

  it('counts for the version with most of the traffic, and for none where the traffic is shared alike', () => {
    const view = (weight: number) => ({
      current: '2',
      split: [
        { version: '2', weight: 1 - weight },
        { version: '3', weight },
      ],
      candidates: [],
    });
    const seenTwice = (weight: number) =>
      [0, 5].reduce((state, at) => sighted(state, view(weight), at * minute), newDeployment('s'));
    expect([servedAtLeast(seenTwice(0.1), '2'), servedAtLeast(seenTwice(0.1), '3')]).toEqual([5 * minute, 0]);
    expect([servedAtLeast(seenTwice(0.9), '2'), servedAtLeast(seenTwice(0.9), '3')]).toEqual([0, 5 * minute]);
    expect([servedAtLeast(seenTwice(0.5), '2'), servedAtLeast(seenTwice(0.5), '3')]).toEqual([0, 0]);
  });
});
