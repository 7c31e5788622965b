import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { foldPredictions, foldSamples } from '../../app/ingest/ingest.ts';
import { sqliteStore } from '../../stores/sqlite/index.ts';
import { runtimeOf } from '../app/runtime.ts';
import { config, project, tocsin } from './run.ts';
import { serviceIn } from './service.ts';

const more = `
  quality: { kind: samples, bucket: 1h }
  shop: { kind: predictions, model: prices, features: [price, colour], profiles: true }
`;
const rules = `
  right:
    source: quality
    query: { samples: { metric: right, over: 24h } }
    step: 1h
    category: performance
    threshold: { below: { warn: 0.76 } }
    samples: { confidence: 95% }
    falseAlarms: 1/month
    runbook: latency
  moved:
    source: shop
    query: { predictions: { metric: drift, over: 1d } }
    step: 1d
    category: drift
    drift: { baseline: { rolling: { window: 7d } } }
    runbook: latency
`;
const files = { 'config/all.yaml': config.replace('\nrules:\n', `${more}rules:\n${rules.slice(1)}`) };
const day = 86_400_000;

/**
 * A store in which 80 % of 200 samples an hour were right in three countries, and eight days of 400
 * predictions.
 */
async function filled(path: string): Promise<void> {
  const now = Math.floor(Date.now() / day) * day;
  const store = sqliteStore({ path });
  const { ports } = runtimeOf(
    {
      sources: {
        quality: { kind: 'samples', bucket: '1h' },
        shop: { kind: 'predictions', model: 'prices', features: ['price', 'colour'], profiles: true },
      },
    },
    { store },
  );
  for (let h = 30; h >= 0; h -= 1) {
    const timestamp = now - h * 3_600_000 - 1;
    const records = ['de', 'fr', 'us'].flatMap((country) =>
      Array.from({ length: 200 }, (_, i) => ({ metric: 'right', value: i < 160 ? 1 : 0, timestamp, labels: { country } })),
    );
    await foldSamples(ports, 'quality', records, `h${h}`, timestamp + 1);
  }
  for (let d = 8; d >= 1; d -= 1) {
    const records = Array.from({ length: 400 }, (_, i) => ({
      timestamp: now - d * day + i,
      prediction: 1,
      features: { price: (i * 37) % 100, colour: i % 3 === 0 ? 'red' : 'blue' },
    }));
    await foldPredictions(ports, 'shop', records as never, `d${d}`, now);
  }
  await store.close();
}

describe('tocsin check', () => {
  it('expects by the counts that a store has seen, or that a running service has', async () => {
    const cwd = project(files);
    const path = join(cwd, 'tocsin.sqlite');
    await filled(path);
    const read = (out: string) =>
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
    const { code, out, err } = await tocsin(['check', '--json', '--store', path], { cwd });
    expect({ code, err }).toMatchObject({ code: 0, err: expect.not.stringContaining('warning') });
    const all = read(out);
    expect(all).toContainEqual(
      expect.objectContaining({ rule: 'right', from: 'seen', tested: 3, budget: 1, samples: expect.any(Number) }),
    );
    const moved = all.find(({ rule }) => rule === 'moved');
    expect(moved).toMatchObject({ from: 'seen', ok: true, tested: 2, samples: 400 });
    // Two features of 400 values against 2,800: a size of 0.1 comes by chance about never.
    expect(moved.alarms).toBeLessThan(0.01);

    const service = await serviceIn(cwd, { store: path });
    const asked = await tocsin(['check', '--json', '--url', service.url], { cwd });
    await service.close();
    expect(read(asked.out).find(({ rule }) => rule === 'right')).toMatchObject({ from: 'seen', tested: 3 });
  });

  it('states what it assumes where nothing has been seen, and counts what it can', async () => {
    const { code, out } = await tocsin(['check'], { cwd: project(files) });
    expect(code).toBe(0);
    expect(out).toMatch(/│ moved +│ +[\d.a-z ]+│ +- │ +2 │ +1000 │ assumed │/);
    expect(out).toContain('Not counted: right, slow, accuracy: no recorded values to count from');
    expect(out).toContain('Assumed: ');
  });

  it('warns of no more than the budget, and refuses a budget for what is no proportion', async () => {
    const below = { 'config/all.yaml': files['config/all.yaml'].replace('below: { warn: 0.76 }', 'below: { warn: 0.5 }') };
    const cwd = project(below);
    const path = join(cwd, 'tocsin.sqlite');
    await filled(path);
    const well = await tocsin(['check', '--store', path], { cwd });
    expect(well.err).not.toContain('warning');
    const amounts = { 'config/all.yaml': files['config/all.yaml'].replace('metric: right,', 'metric: right, statistic: sum,') };
    const other = project(amounts);
    const { code, out } = await tocsin(['check', '--store', path], { cwd: other });
    expect({ code, out }).toEqual({ code: 1, out: expect.stringContaining('the sum of samples is not one') });
  });
});
