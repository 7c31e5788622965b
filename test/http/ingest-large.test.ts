import { describe, expect, it } from 'vitest';
import { maxRecords } from '../../core/telemetry/samples/body.ts';
import { maxChunkRecords } from '../../core/telemetry/samples/chunks.ts';
import { partChars } from '../../core/telemetry/samples/json-parts.ts';
import { maxListed } from '../../core/telemetry/samples/refusals.ts';
import { recordTime, siteOf, sources } from './site.ts';

const lines = { 'Content-Type': 'application/x-ndjson' };
const sample = (more: object = {}) => ({ metric: 'errors', value: 1, timestamp: recordTime, ...more });
const withAlerts = () =>
  siteOf({ part: { sources: { ...sources, others: { kind: 'alerts', category: 'availability', runbook: 'latency-spike' } } } });

async function answerOf(response: Response | Promise<Response>): Promise<Record<string, unknown> & { status: number }> {
  const answer = await response;
  return { status: answer.status, ...((await answer.json()) as object) };
}

/** How many turns others had until it was answered. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let turns = 0;
  let over = false;
  const count = (): void => {
    turns += 1;
    if (!over) setImmediate(count);
  };
  setImmediate(count);
  await work;
  over = true;
  return turns;
}

describe('a body of rubbish', () => {
  it.each([
    ['/v1/samples', 'an array', `[${'{},'.repeat(maxRecords)}{}]`, {}],
    ['/v1/samples', 'an object', `{"records":[${'0,'.repeat(maxRecords)}0]}`, {}],
    ['/v1/predictions', 'lines', '{}\n'.repeat(maxRecords + 1), lines],
    ['/v1/labels', 'lines', 'x\n'.repeat(maxRecords + 1), lines],
    ['/v1/samples', 'five megabytes', `[${'0,'.repeat(2_600_000)}0]`, {}],
    ['/api/v2/alerts', 'five megabytes', `[${'0,'.repeat(2_600_000)}0]`, {}],
  ])('is refused as a whole by %s when it has too many records: %s', async (path, _, body, headers) => {
    const site = withAlerts();
    expect(await answerOf(site.post(path, body, headers))).toEqual({
      status: 413,
      error: expect.stringMatching(
        /^expected at most (10000 records|250000 alerts) per request; nothing was accepted, split them$/,
      ),
    });
  });

  it.each(['/v1/samples', '/v1/predictions', '/v1/labels', '/api/v2/alerts'])(
    'has its first refusals named by %s and the others counted, and others have their turn meanwhile',
    async (path) => {
      const site = withAlerts();
      let answer: Awaited<ReturnType<typeof answerOf>> | undefined;
      const turns = await turnsDuring(
        (async () => {
          answer = await answerOf(site.post(path, '{}\nx\n'.repeat(maxRecords / 2), lines));
        })(),
      );
      expect(answer).toMatchObject({ status: 400, accepted: 0, rejected: maxRecords });
      const rejections = answer?.['rejections'] as { index: number }[];
      expect(rejections.map(({ index }) => index)).toEqual(Array.from({ length: maxListed }, (_, n) => n));
      // Half of the lines are records, which are checked 500 in a row.
      expect(turns).toBeGreaterThanOrEqual(maxRecords / 2 / 500);
    },
  );

  it('in a few records leaves the others, and is named by the first of its faults', async () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`k${n}`, []]));
    const site = siteOf();
    const records = [
      sample({ labels: many }),
      sample(),
      sample({ labels: { host: 1, other: [] } }),
      sample({ more: 'x'.repeat(partChars) }),
    ];
    const answer = await answerOf(site.post('/v1/samples', records));
    expect(answer).toMatchObject({
      status: 200,
      accepted: 1,
      rejections: [
        { index: 0, reason: 'labels.k0: expected a text of at most 1024 characters; received []' },
        { index: 2, reason: 'labels.host: expected a text of at most 1024 characters; received 1' },
        { index: 3, reason: expect.stringMatching(/^expected a record of at most 262144 characters; received 2622\d\d$/) },
      ],
    });
    const features = Object.fromEntries(Array.from({ length: 501 }, (_, n) => [`k${n}`, 1]));
    expect(await answerOf(site.post('/v1/predictions', [{ timestamp: recordTime, prediction: 1, features }]))).toMatchObject({
      status: 400,
      rejections: [{ reason: expect.stringMatching(/^features: expected at most 500 feature names and values/) }],
    });
  });

  it.each([
    ['one long record alone', JSON.stringify(sample({ more: 'x'.repeat(partChars) })), 'application/json'],
    ['one long line', JSON.stringify(sample({ more: 'x'.repeat(partChars) })), 'application/x-ndjson'],
    ['a million brackets', '['.repeat(500_000) + ']'.repeat(500_000), 'application/json'],
  ])('that is %s is refused', async (_, body, type) => {
    expect(await answerOf(siteOf().post('/v1/samples', body, { 'Content-Type': type }))).toMatchObject({ status: 400 });
  });

  it.each([
    ['empty lines', '\n'.repeat(5_000_000), /received "x" at position 5000000 \(line 5000001, column 1\)/],
    // The time of a regular expression that looked for lines grew with the square of them.
    ['an object and empty lines', `{}${'\n'.repeat(5_000_000)}`, /received "x" at position 5000002 \(line 5000001, column 1\)/],
    [
      'good records',
      `[${`${JSON.stringify(sample({ more: 'x'.repeat(1000) }))},`.repeat(2000).slice(0, -1)} y `,
      /received "y x" at position \d{7} \(line 1/,
    ],
  ])('that begins with %s is told where it stops being JSON', async (_, before, reason) => {
    expect(await answerOf(siteOf().post('/v1/samples', `${before}x`))).toEqual({
      status: 400,
      error: expect.stringMatching(reason),
    });
  });

  it('that should be a training is refused by its first faults', async () => {
    const site = siteOf();
    const profile = {
      rows: 1,
      binning: 'x',
      features: Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`k${n}`, n])),
    };
    expect(await answerOf(site.post('/v1/baselines', { version: '1', dataset: 'd', profile }))).toEqual({
      status: 413,
      error: expect.stringMatching(/^expected fewer names in one object/),
    });
    const unknown = Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`k${n}`, n]));
    // As long as what is read at once, and longer.
    for (const names of [10_000, 50_000]) {
      const some = Object.fromEntries(Object.entries(unknown).slice(0, names));
      const { status, error } = await answerOf(site.post('/v1/baselines', { version: '1', dataset: 'd', ...some }));
      expect([status, String(error).length < 600]).toEqual([names === 10_000 ? 400 : 413, true]);
    }
    const rows = await answerOf(site.post('/v1/baselines?version=1&dataset=d', '0\n'.repeat(100_001), lines));
    expect(rows).toEqual({ status: 413, error: expect.stringMatching(/^expected at most 100000 rows per request/) });
    const some = await answerOf(site.post('/v1/baselines?version=1&dataset=d', `{"prediction":1}\n${'0\n'.repeat(9999)}`, lines));
    expect(some).toMatchObject({ status: 200, rows: 1, rejected: 9999 });
    expect(some['rejections']).toHaveLength(maxListed);
  });
});

it('many good records of one body are folded in parts, between which others have their turn', async () => {
  const site = siteOf();
  const body = Array.from({ length: maxRecords }, (_, n) => sample({ value: n, labels: { host: String(n % 10) } }));
  let answer: Awaited<ReturnType<typeof answerOf>> | undefined;
  const turns = await turnsDuring(
    (async () => {
      answer = await answerOf(site.post('/v1/samples', body, { 'Idempotency-Key': 'k' }));
    })(),
  );
  expect(answer).toMatchObject({ status: 200, accepted: maxRecords, rejected: 0 });
  expect(turns).toBeGreaterThanOrEqual(maxRecords / maxChunkRecords + maxRecords / 500);
  expect(await answerOf(site.post('/v1/samples', body, { 'Idempotency-Key': 'k' }))).toMatchObject({
    status: 200,
    duplicates: maxRecords,
    repeated: true,
  });
});
