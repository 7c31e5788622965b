/**
 * Writes the files that are made from schemas: of the config, of unit tests of rules, and of what
 * is answered over HTTP; and the dashboards for Grafana. With `--check` it writes nothing, and
 * exits with 1 when a file is not as it would be written.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { configJsonSchema } from '../core/config/json-schema.ts';
import { configReference } from '../core/config/reference.ts';
import { testJsonSchema } from '../core/dry-run/rule-tests/test-schema.ts';
import { openApiDocument } from '../http/openapi/document.ts';
import { apiReference } from '../http/openapi/markdown.ts';
import type { Document } from '../http/openapi/shape.ts';
import packageJson from '../package.json' with { type: 'json' };
import { dashboards } from './dashboards.ts';

const root = join(import.meta.dirname, '..');

const openApi = `${JSON.stringify(openApiDocument(packageJson.version), null, 2)}\n`;

const files: { path: string; text: string }[] = [
  { path: 'config/tocsin.schema.json', text: `${JSON.stringify(configJsonSchema(), null, 2)}\n` },
  { path: 'docs/config.md', text: configReference() },
  { path: 'docs/tests.schema.json', text: `${JSON.stringify(testJsonSchema(), null, 2)}\n` },
  { path: 'http/openapi/openapi.json', text: openApi },
  { path: 'docs/api.md', text: apiReference(JSON.parse(openApi) as Document) },
  ...dashboards().map(({ name, text }) => ({ path: `docs/grafana/${name}`, text })),
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
  for (const { path } of drifted) console.error(`${path} is not what the schemas say; run: npm run generate`);
  process.exitCode = drifted.length > 0 ? 1 : 0;
} else {
  for (const { path, text } of drifted) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    console.log(`wrote ${path}`);
  }
}
