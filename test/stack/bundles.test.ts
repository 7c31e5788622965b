import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleLambda, lambdaNames } from '../../bench/lambdas.ts';

const folder = mkdtempSync(join(tmpdir(), 'tocsin-bundles-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the bundle of each function', () => {
  it('is of one of the nine verbs', () => {
    expect(lambdaNames()).toEqual(['deliver', 'dispatch', 'evaluate', 'ingest', 'rollback', 'slack', 'sweep', 'wake', 'web']);
  });

  it.each(lambdaNames())('%s stays under 900 kB, and can be imported where nothing is configured yet', async (name) => {
    const { file, bytes } = await bundleLambda(name, folder);
    expect(bytes).toBeLessThan(900_000);
    const module = (await import(pathToFileURL(file).href)) as { handler: unknown };
    expect(module.handler).toBeTypeOf('function');
  });
});
