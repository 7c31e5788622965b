import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../core/config/load.ts';
import { readTests } from '../../core/dry-run/rule-tests/read-tests.ts';
import { runRuleTest } from '../../local/rule-test.ts';

/** Rules and tests of rules that once gave wrong answers; they lie beside the repository. */
const cases = join(import.meta.dirname, '../../../shared/cases');
const folders = ['recovery-below', 'burn-unreachable'];

describe('the rules of a case pass its own tests:', () => {
  for (const folder of folders) {
    it(folder, async ({ skip }) => {
      const text = (name: string): string => readFileSync(join(cases, folder, name), 'utf8');
      skip(!existsSync(join(cases, folder)), `there is no ${join(cases, folder)}`);
      const loaded = loadConfig([{ path: 'config.yaml', text: text('config.yaml') }], new Set(['r', 'source-failing']));
      if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors));
      const read = readTests({ path: 'tests.yaml', text: text('tests.yaml') }, loaded.config);
      if (!read.ok) throw new Error(JSON.stringify(read.errors));
      const failures: string[] = [];
      for (const test of read.tests) for (const { message } of await runRuleTest(loaded.config, test)) failures.push(message);
      expect(failures).toEqual([]);
      expect(read.tests.length).toBeGreaterThan(1);
    });
  }
});
