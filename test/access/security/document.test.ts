import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const here = import.meta.dirname;

test('docs/security.md and the tests beside this one name the same threats', () => {
  const document = readFileSync(join(here, '../../../docs/security.md'), 'utf8');
  const tables = document.split(/^\| threat +\| answer +\|$/m).slice(1);
  const written = tables.flatMap((table) =>
    [...(table.split('\n\n')[0] ?? '').matchAll(/^\| ([^|]*[^-|\s]) +\|/gm)].map(([, name]) => name),
  );
  const tested = readdirSync(here)
    .filter((file) => file.endsWith('.test.ts') && file !== 'document.test.ts')
    .flatMap((file) => [...readFileSync(join(here, file), 'utf8').matchAll(/^ {2}threat\('(.*)',/gm)].map(([, name]) => name));
  expect(tested.length).toBeGreaterThan(15);
  expect(written.toSorted()).toEqual(tested.toSorted());
});
