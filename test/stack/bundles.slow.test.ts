import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { bundleLambda, lambdaNames } from '../../bench/lambdas.ts';
import { otlpReceiver } from '../contract/otlp-receiver.ts';
import { context } from '../lambdas/events.ts';

const folder = mkdtempSync(join(tmpdir(), 'tocsin-bundles-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a cold start has to read, in bytes. */
const limit = 1_220_000;
/**
 * It answers what the console asks, with the dry runs and schemas behind that, and draws charts
 * (about 35 kB); nobody is paged by it.
 */
const limitOfWeb = 1_745_000;
/**
 * They bring the clients of all sources, those of Postgres (about 85 kB) and Athena (about 55 kB)
 * among them, each loaded with its first query; and what reads cron expressions.
 */
const limitOfAsking = 1_290_000;
/**
 * It reads what other systems send: OTLP, mappings, and the formats of alerts and of checks (about
 * 25 kB).
 */
const limitOfIngest = 1_250_000;
/** It also asks registries, whose runs are read as they are when they are sent. */
const limitOfEvaluate = 1_390_000;
/**
 * It brings every vendor that reaches people; mail alone is 290 kB, text messages by AWS 76 kB;
 * each is loaded with the first one.
 */
const limitOfDeliver = 1_580_000;
const limits: Readonly<Record<string, number>> = {
  web: limitOfWeb,
  deliver: limitOfDeliver,
  evaluate: limitOfEvaluate,
  judge: limitOfAsking,
  ingest: limitOfIngest,
};
const limitOf = (name: string): number => limits[name] ?? limit;

describe('the bundle of each function', () => {
  it('is of one of the ten verbs', () => {
    expect(lambdaNames()).toEqual([
      'deliver',
      'dispatch',
      'evaluate',
      'ingest',
      'judge',
      'rollback',
      'slack',
      'sweep',
      'wake',
      'web',
    ]);
  });

  it.each(lambdaNames())('%s stays under its limit, and can be imported where nothing is configured yet', async (name) => {
    const { file, bytes } = await bundleLambda(name, folder);
    expect(bytes).toBeLessThan(limitOf(name));
    const module = (await import(pathToFileURL(file).href)) as { handler: unknown };
    expect(module.handler).toBeTypeOf('function');
  });

  it('has the SDK for spans in it, which is loaded where spans go somewhere', async () => {
    const spans = await otlpReceiver();
    vi.stubEnv('TOCSIN_TRACES', spans.url);
    vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
    try {
      const { file } = await bundleLambda('dispatch', join(folder, 'traced'));
      const module = (await import(pathToFileURL(file).href)) as {
        handler: (event: unknown, context: unknown) => Promise<unknown>;
      };
      expect(await module.handler({ Records: [] }, context)).toEqual({ batchItemFailures: [] });
      expect(spans.all().map(({ name }) => name)).toEqual(['dispatch']);
    } finally {
      vi.unstubAllEnvs();
      vi.restoreAllMocks();
      await spans.close();
    }
  });
});
