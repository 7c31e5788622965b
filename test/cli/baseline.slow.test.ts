import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { virtualClock } from '../../local/clock.ts';
import type { Service } from '../../local/service.ts';
import { project, tocsin, understood } from './run.ts';
import { serviceIn } from './service.ts';

const csv = [
  'day,age,plan,churned,predicted',
  ...Array.from({ length: 300 }, (_, i) => `d${i},${20 + (i % 40)},${i % 3 === 0 ? 'pro' : 'free'},${i % 5 === 0 ? 1 : 0},0`),
].join('\n');
const lines = Array.from({ length: 50 }, (_, i) => JSON.stringify({ features: { age: i } })).join('\n');
/** 301 rows, of which 201 are positive; 100 of these are predicted. */
const scored = [
  'day,age,churned,prediction,probability',
  ...Array.from({ length: 301 }, (_, i) => `d${i},${20 + (i % 40)},${i < 201 ? 1 : 0},${i < 100 ? 1 : 0},${i < 100 ? 0.8 : 0.3}`),
].join('\n');
const cwd = project({
  'gaps.csv': 'age,plan\n20,\n30,\n',
  'scored.csv': scored,
  'train.csv': csv,
  'train.jsonl.gz': gzipSync(`${lines}\nnonsense\n`),
});
const push = ['baseline', 'push', 'train.csv', '--model-version', '7', '--dataset', '2026-01', '--trained-at', '2026-01-02'];
const columns = ['--label', 'churned', '--prediction', 'predicted', '--ignore', 'day'];

describe('tocsin baseline', () => {
  let service: Service;
  beforeAll(async () => {
    service = await serviceIn(cwd, { clock: virtualClock(Date.UTC(2026, 0, 5)), secrets: { get: async () => undefined } });
  });
  afterAll(() => service.close());
  const ask = (...args: string[]) => tocsin([...args, '--url', service.url], { cwd });

  it('profiles a file here, stores it with a running service, promotes its version, and shows both', async () => {
    const pushed = await ask(...push, ...columns, '--metric', 'auc=0.71:300');
    expect(pushed).toEqual({
      code: 0,
      err: '',
      out: 'training of version 7 of churn, dataset 2026-01: 300 rows, 2 features, 8 metrics\n',
    });
    expect(await ask(...push, ...columns, '--metric', 'auc=0.71:300')).toMatchObject({
      out: expect.stringContaining('; it was already stored'),
    });
    expect(await ask('baseline', 'promote', '7', '--by', 'ana')).toEqual({
      code: 0,
      err: '',
      out: 'churn: version 7 was promoted\n',
    });
    const [list, shown, none] = await Promise.all([
      ask('baseline', 'list'),
      ask('baseline', 'show', '7'),
      ask('baseline', 'show', '8'),
    ]);
    expect(list.out).toMatch(/churn.*7.*2026-01.*2026-01-02 00:00 UTC.*300.*2.*8.*since 2026-01-05 00:00 UTC/);
    expect(shown.out).toMatch(/^churn {2}version 7 {2}dataset 2026-01 {2}is served since .* \(promoted by ana\)/);
    expect(shown.out).toMatch(/accuracy.*0\.8.*300[\s\S]*age.*300.*numbers[\s\S]*plan.*300.*categories/);
    expect(none).toMatchObject({ code: 1, err: expect.stringContaining('no training of version 8') });
  });

  it('computes every metric from columns that are called as they are meant, however many rows are wrong', async () => {
    const scored = [...columns.slice(0, 2), '--ignore', 'day', '--score', 'probability'];
    const own = ['baseline', 'push', 'scored.csv', '--model-version', '7.1', '--dataset', 'd'];
    const pushed = await ask(...own, ...scored);
    expect(pushed).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/: 301 rows, 1 feature, 16 metrics/) });
    const shown = JSON.parse((await ask('baseline', 'show', '7.1', '--json')).out);
    // 100 of 201 positives are found, and there are no other positives: 100 + 0 / 2 + 101 / 2 is no
    // whole number.
    expect(shown.metrics.f1).toEqual({ value: 100 / 150.5, count: 201 });
    expect(shown.metrics.estimated_f1.count).toBe(301);
    const unnamed = await ask('baseline', 'push', 'train.csv', '--model-version', '7.2', '--dataset', 'd', '--label', 'churned');
    expect(unnamed).toMatchObject({ code: 0, err: expect.stringContaining('name the column with --prediction') });
  });

  it('tells which features of the source have no value in any row', async () => {
    const file = ['baseline', 'push', 'gaps.csv', '--model-version', '8', '--dataset', 'd'];
    expect(await ask(...file)).toMatchObject({ code: 0, err: expect.stringMatching(/^No row has a value of plan: /) });
  });

  it('tells of rows that it could not take, and of files that it cannot read', async () => {
    const file = ['baseline', 'push', 'train.jsonl.gz', '--model-version', '9', '--dataset', 'd'];
    expect(await ask(...file)).toMatchObject({
      code: 0,
      err: expect.stringMatching(/^1 row was refused; the first, line 51: /),
      out: expect.stringContaining('50 rows, 1 feature,'),
    });
    expect(
      await ask('baseline', 'push', 'train.csv', '--model-version', '9', '--dataset', 'd', '--label', 'truth'),
    ).toMatchObject({
      code: 1,
      err: expect.stringContaining('train.csv has no column truth; it has day, age, plan, churned, predicted'),
    });
    expect(await ask('baseline', 'push', 'config', '--model-version', '9', '--dataset', 'd')).toMatchObject({ code: 1 });
  });

  it('works on the store of a service that is not running', async () => {
    const store = join(cwd, '.tocsin/other.sqlite');
    const other = project({ 'train.csv': csv });
    const service = await serviceIn(other, {
      store,
      clock: virtualClock(Date.UTC(2026, 0, 5)),
      secrets: { get: async () => undefined },
    });
    await service.close();
    const on = (...args: string[]) => tocsin([...args, '--store', store], { cwd: other });
    expect(await on(...push, ...columns)).toMatchObject({ code: 0, err: '' });
    expect(await on('baseline', 'promote', '7')).toMatchObject({ code: 0, out: 'churn: version 7 was promoted\n' });
    expect((await on('baseline', 'list', '--json')).out).toContain('"version":"7"');
  });

  it('says what it did not understand', async () => {
    expect(await understood(['baseline', 'push', 'x.csv'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('--model-version'),
    });
    expect(await understood([...push, '--metric', 'auc'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('expected NAME=VALUE:COUNT'),
    });
    expect(await understood([...push, '--metric', 'fame=1:2'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('expected a metric of predictions'),
    });
  });
});
