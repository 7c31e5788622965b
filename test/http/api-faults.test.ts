import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { faultsIn } from '../../http/api/faults.ts';
import { siteOf } from './site.ts';

const errorOf = async (path: string, body: unknown): Promise<string> => {
  const answer = await siteOf().post(path, body);
  expect(answer.status).toBe(400);
  return ((await answer.json()) as { error: string }).error;
};

const silence = { match: { model: 'm' }, durationMs: 1000 };

describe('a body that is wrong is answered in one line that says', () => {
  it.each([
    ['what a key is that nobody knows', { ...silence, until: 1 }, 'unknown key "until"'],
    ['what is missing', { match: { model: 'm' } }, 'durationMs: missing; expected a number'],
    ['what was received', { ...silence, durationMs: -1 }, 'durationMs: expected more than 0; received the number -1'],
    ['that text is no number', { ...silence, durationMs: '1h' }, 'durationMs: expected a number; received "1h"'],
    [
      'that a number is not whole',
      { ...silence, durationMs: 1.5 },
      'durationMs: expected a whole number; received the number 1.5',
    ],
    [
      'what is wrong in a matcher',
      { ...silence, match: ['a=b', 'c=~"("'] },
      /match\.1: c=~: expected a pattern in RE2 syntax, as in Alertmanager: .*; received "\("/,
    ],
    [
      'what a label may be',
      { ...silence, match: { model: 1 } },
      'match.model: expected a text or a list of texts; received the number 1',
    ],
    [
      'how long a text may be',
      { ...silence, comment: 'x'.repeat(1001) },
      /comment: expected at most 1000 characters; received "x/,
    ],
    ['which names are taken', { ...silence, actor: 'tocsin' }, /actor: expected a name of .* received "tocsin"$/],
    [
      'that a name is one that nothing may have',
      `{"match": {"model": "m", "__proto__": "x"}, "durationMs": 1000}`,
      'received the name __proto__, which nothing may have',
    ],
    ['that it is a list', [], 'expected an object; received an empty list'],
    ['that it is no JSON', '{', 'received text that is not JSON'],
    ['that there is none', undefined, 'received none'],
    [
      'each of several faults',
      { match: {}, durationMs: 0, x: 1 },
      'expected more than 0; received the number 0; unknown key "x"',
    ],
  ])('%s', async (_, body, expected) => {
    const error = await errorOf('/api/silences', body);
    expect(error).toMatch(/^expected a body such as \{"match": \{"model": "churn"\}, "durationMs": 3600000\}; /);
    expect(error).not.toMatch(/[\n✖→]/);
    if (expected instanceof RegExp) expect(error).toMatch(expected);
    else expect(error.endsWith(expected)).toBe(true);
  });

  it('five faults, and how many more there are', () => {
    const read = z.record(z.string(), z.string()).safeParse({ a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7 }, { reportInput: true });
    expect(faultsIn(read.error as z.ZodError)).toMatch(/e: expected text; received the number 5; and 2 more$/);
  });

  it('never what looks like a credential', async () => {
    const error = await errorOf('/api/silences', { ...silence, durationMs: 'xoxb-1234567890' });
    expect(error).toMatch(/received what looks like a Slack token$/);
  });
});
