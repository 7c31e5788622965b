import { expect, it } from 'vitest';
import { minute } from '../app/runtime.ts';
import { recordTime, type Site, siteOf } from './site.ts';

const sample = (more: object = {}) => ({ metric: 'errors', value: 1, timestamp: recordTime, ...more });
const key = (value: string) => ({ 'Idempotency-Key': value });

async function answerOf(response: Response | Promise<Response>): Promise<Record<string, unknown> & { status: number }> {
  const answer = await response;
  return { status: answer.status, ...((await answer.json()) as object) };
}

/** How many samples count, and their sum. */
async function counted(site: Site, metric = 'errors'): Promise<[count: number, sum: number]> {
  const series = await site.ports.store.series('pushed', metric);
  const lists = await site.ports.store.buckets(series.map((one) => ({ series: one, from: 0, to: 9e15 })));
  const sums = lists.flat().flatMap(({ summary }) => (summary.kind === 'values' ? [summary] : []));
  return [sums.reduce((all, { count }) => all + count, 0), sums.reduce((all, { sum }) => all + sum, 0)];
}

it('fifty posts of the same sample without a key are fifty', async () => {
  const site = siteOf();
  const posts = Array.from({ length: 50 }, () => answerOf(site.post('/v1/samples', [sample()])));
  for (const answer of await Promise.all(posts)) {
    expect(answer).toMatchObject({ status: 200, accepted: 1, duplicates: 0, repeated: false });
  }
  expect(await counted(site)).toEqual([50, 50]);
});

it('fifty posts under one key are one, at once or one after the other', async () => {
  const site = siteOf();
  const post = () => answerOf(site.post('/v1/samples', [sample(), sample({ value: 2 })], key('batch 7')));
  const answers = await Promise.all(Array.from({ length: 25 }, post));
  for (let n = 0; n < 25; n += 1) answers.push(await post());
  expect(answers.filter(({ repeated }) => repeated === false)).toEqual([expect.objectContaining({ status: 200, accepted: 2 })]);
  expect(answers.filter(({ repeated, duplicates }) => repeated === true && duplicates === 2)).toHaveLength(49);
  expect(await counted(site)).toEqual([2, 3]);
});

it('another body under a key that was used is 422 and counts nothing', async () => {
  const site = siteOf();
  await site.post('/v1/samples', [sample()], key('batch 7'));
  expect(await answerOf(site.post('/v1/samples', [sample(), sample({ value: 3 })], key('batch 7')))).toEqual({
    status: 422,
    error: expect.stringMatching(
      /^this Idempotency-Key was used before with other content, and 1 record counts by it; nothing was taken now/,
    ),
  });
  expect(await counted(site)).toEqual([1, 1]);
});

it('a key of which nothing was taken is free for the mended batch', async () => {
  const site = siteOf();
  expect((await site.post('/v1/samples', [sample({ timestamp: 'noon' })], key('k'))).status).toBe(400);
  expect(await answerOf(site.post('/v1/samples', [sample()], key('k')))).toMatchObject({ status: 200, accepted: 1 });
});

it('the same key to another source is 422, for it would be lost there', async () => {
  const site = siteOf({ part: { sources: { pushed: { kind: 'samples' }, other: { kind: 'samples' } } } });
  expect((await site.post('/v1/samples?source=pushed', [sample()], key('k'))).status).toBe(200);
  expect(await answerOf(site.post('/v1/samples?source=other', [sample()], key('k')))).toEqual({
    status: 422,
    error: expect.stringMatching(/used before to the source pushed/),
  });
});

it('a key is one of its address', async () => {
  const site = siteOf();
  const labels = [{ id: 'a', label: 1 }];
  const predictions = [{ id: 'a', timestamp: recordTime, prediction: 1 }];
  expect(await answerOf(site.post('/v1/labels', labels, key('k')))).toMatchObject({ status: 200, unmatched: 1 });
  expect(await answerOf(site.post('/v1/predictions', predictions, key('k')))).toMatchObject({ status: 200, accepted: 1 });
});

it('senders have keys, and bodies with ids, of their own', async () => {
  const named = (name: string, secret: string) => ({ name, secret, scope: ['samples' as const, 'predictions' as const] });
  const site = siteOf({
    settings: { ingestKeys: [named('a', 'KEY_A'), named('b', 'KEY_B')] },
    secrets: { KEY_A: 'one-key', KEY_B: 'other-key' },
  });
  const as = (secret: string) => ({ Authorization: `Bearer ${secret}`, ...key('batch 7') });
  expect(await answerOf(site.post('/v1/samples', [sample()], as('one-key')))).toMatchObject({ accepted: 1 });
  expect(await answerOf(site.post('/v1/samples', [sample()], as('other-key')))).toMatchObject({ accepted: 1 });
  expect(await answerOf(site.post('/v1/samples', [sample({ value: 9 })], as('other-key')))).toMatchObject({ status: 422 });
  expect(await counted(site)).toEqual([2, 2]);
  const predictions = [{ id: 'a', timestamp: recordTime, prediction: 1 }];
  const bearer = (secret: string) => ({ Authorization: `Bearer ${secret}` });
  await site.post('/v1/predictions', predictions, bearer('one-key'));
  const again = () => answerOf(site.post('/v1/predictions', predictions, bearer('other-key')));
  // The id makes it a duplicate, and not that somebody else sent such a body.
  expect(await again()).toMatchObject({ duplicates: 1, repeated: false });
  expect(await again()).toMatchObject({ duplicates: 1, repeated: true });
});

it('a sample that was refused counts once its batch comes again when it is in order, and the others do not again', async () => {
  const site = siteOf();
  const ahead = new Date(Date.parse(recordTime) + 15 * minute).toISOString();
  const batch = [sample(), sample({ timestamp: ahead, value: 10 }), sample({ timestamp: 'noon' })];
  expect(await answerOf(site.post('/v1/samples', batch, key('k')))).toMatchObject({ accepted: 1, rejected: 2 });
  await site.story.pass('10m');
  expect(await answerOf(site.post('/v1/samples', batch, key('k')))).toMatchObject({
    status: 200,
    accepted: 1,
    duplicates: 1,
    rejected: 1,
    repeated: false,
  });
  expect(await answerOf(site.post('/v1/samples', batch, key('k')))).toMatchObject({ accepted: 0, duplicates: 2, repeated: true });
  expect(await counted(site)).toEqual([2, 11]);
});

it.each([
  ['quotes around it are not part of it', '"k"', 200],
  ['is taken up to 255 characters', 'k'.repeat(255), 200],
  ['is refused when it is longer', 'k'.repeat(256), 400],
  ['is refused when it is empty', '', 400],
  ['is refused when it is empty between quotes', '""', 400],
  ['is refused when it is not of ASCII', 'clé', 400],
  ['is refused when it has a tab', 'a\tb', 400],
])('a key: %s', async (_, value, status) => {
  const site = siteOf();
  expect((await site.post('/v1/samples', [sample()], key('k'))).status).toBe(200);
  const answer = await answerOf(site.post('/v1/samples', [sample()], key(value)));
  expect(answer.status).toBe(status);
  if (status === 400) expect(answer['error']).toMatch(/expected an Idempotency-Key of 1 to 255 printed ASCII characters/);
  expect(await counted(site)).toEqual(value === 'k'.repeat(255) ? [2, 2] : [1, 1]);
});
