import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isKeyOf, refusalOf, valuesIn } from '../../../core/access/ingest-keys/keys.ts';
import { takeOne } from '../../../core/access/ingest-keys/rate.ts';

const hashOf = (key: string): string => `sha256:${createHash('sha256').update(key).digest('hex')}`;

describe('a key', () => {
  test.each([
    ['itself', 'old-key'],
    ['its hash', hashOf('old-key')],
    ['its hash in capitals', `sha256:${hashOf('old-key').slice(7).toUpperCase()}`],
    ['itself, with a line end that an editor left', 'old-key\n'],
    ['it beside a new one', 'old-key,new-key'],
    ['it and the hash of a new one, a line each', `${hashOf('new-key')}\nold-key`],
  ])('is good where the secret holds %s', (_, secret) => {
    expect(isKeyOf(secret, 'old-key')).toBe(true);
    expect(isKeyOf(secret, 'old-ke')).toBe(false);
    expect(isKeyOf(secret, '')).toBe(false);
  });

  test('the hash itself is no key, or who reads the secret could send', () => {
    expect(isKeyOf(hashOf('old-key'), hashOf('old-key'))).toBe(false);
  });

  test('a third one in a secret is never good', () => {
    expect(isKeyOf('one,two,three', 'three')).toBe(false);
    expect(valuesIn('one,two,three')).toEqual(['one', 'two']);
  });

  test('a secret of nothing but separators holds none', () => {
    expect(valuesIn(' ,\n')).toEqual([]);
    expect(isKeyOf(' ,\n', '')).toBe(false);
  });

  test('no other text is a key, whatever the texts', () => {
    const word = fc.stringMatching(/^[!-+\--~]{1,40}$/);
    fc.assert(
      fc.property(word, word, (key, other) => {
        expect(isKeyOf(key, other)).toBe(key === other && !/^sha256:[0-9a-f]{64}$/i.test(key));
        expect(isKeyOf(hashOf(key), other)).toBe(key === other);
      }),
    );
  });

  test('is refused what lies outside its scope or its sources', () => {
    const key = { name: 'ci', secret: 'CI_KEY', scope: ['samples' as const], sources: ['build'] };
    expect(refusalOf(key, { scope: 'samples', source: 'build' })).toBeUndefined();
    expect(refusalOf(key, { scope: 'alerts', source: 'build' })).toBe('key ci may send samples; received alerts');
    expect(refusalOf(key, { scope: 'samples', source: 'prod' })).toBe('key ci may send to build; received another source');
  });
});

describe('a rate', () => {
  test('gives a minute’s requests at once, then one as each becomes free', () => {
    let known: Parameters<typeof takeOne>[0];
    const taken = [0, 0, 0, 0, 19_999, 20_000, 20_001, 80_000].map((now) => {
      const rate = takeOne(known, 3, now);
      known = rate.next;
      return [rate.ok, rate.remaining, rate.seconds];
    });
    expect(taken).toEqual([
      [true, 2, 20],
      [true, 1, 40],
      [true, 0, 60],
      [false, 0, 20],
      [false, 0, 1],
      [true, 0, 60],
      [false, 0, 20],
      [true, 2, 20],
    ]);
  });

  test('never takes more in any minute than twice its allowance, and always takes again after its own Retry-After', () => {
    const steps = fc.array(fc.integer({ min: -5000, max: 20_000 }), { maxLength: 200 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 120 }), steps, (perMinute, all) => {
        let known: Parameters<typeof takeOne>[0];
        let now = 1_000_000;
        let latest = now;
        const taken: number[] = [];
        for (const step of all) {
          now += step;
          const rate = takeOne(known, perMinute, now);
          known = rate.next;
          latest = Math.max(latest, now);
          if (rate.ok) taken.push(latest);
          else expect(takeOne(known, perMinute, latest + rate.seconds * 1000).ok).toBe(true);
        }
        for (const at of taken) {
          expect(taken.filter((other) => other >= at && other < at + 60_000).length).toBeLessThanOrEqual(2 * perMinute);
        }
      }),
    );
  });
});
