import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { play, randomStory } from './promises/random.ts';
import { brokenPromises } from './promises.ts';

describe('a random story of an outage', () => {
  it('breaks no promise to whoever is on call', async () => {
    const check = fc.asyncProperty(randomStory, async (story) => {
      expect(brokenPromises(await play(story))).toEqual([]);
    });
    // A few; promises.slow.test.ts plays many.
    await fc.assert(check, { numRuns: 20, seed: 11 });
  });
});
