/**
 * Writes the files that are made from the config schema. With `--check` it writes nothing, and exits with 1 when a file
 * is not as it would be written.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { configJsonSchema } from '../core/config/json-schema.ts';
import { configReference } from '../core/config/reference.ts';
import { testJsonSchema } from '../core/dry-run/rule-tests/test-schema.ts';

const root = join(import.meta.dirname, '..');

const files: { path: string; text: string }[] = [
  { path: 'config/tocsin.schema.json', text: `${JSON.stringify(configJsonSchema(), null, 2)}\n` },
  { path: 'docs/config.md', text: configReference() },
  { path: 'docs/tests.schema.json', text: `${JSON.stringify(testJsonSchema(), null, 2)}\n` },
];

function current(path: string): string | undefined {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return undefined;
  }
}

const drifted = files.filter(({ path, text }) => current(path) !== text);
if (process.argv.includes('--check')) {
  for (const { path } of drifted) console.error(`${path} is not what core/config/schema.ts says; run: npm run generate`);
  process.exitCode = drifted.length > 0 ? 1 : 0;
} else {
  for (const { path, text } of drifted) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    console.log(`wrote ${path}`);
  }
}
