import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { play, randomStory } from './promises/random.ts';
import { brokenPromises } from './promises.ts';

beforeAll(() => void vi.stubEnv('TOCSIN_DECODE_EACH_TIME', 'yes'));
afterAll(() => void vi.unstubAllEnvs());

describe('sixteen hundred random stories of outages', () => {
  it('break no promise to whoever is on call', async () => {
    const check = fc.asyncProperty(randomStory, async (story) => {
      expect(brokenPromises(await play(story))).toEqual([]);
    });
    await fc.assert(check, { numRuns: 1600, seed: Number(process.env['TOCSIN_SEED'] ?? 1600) });
  }, 3_600_000);
});
