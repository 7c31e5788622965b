import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { type LoadedConfig, loadConfig } from '../../core/config/load.ts';
import { runbooks } from './errors-of.ts';

const example = readFileSync(join(import.meta.dirname, '../../docs/examples/cloudwatch.yaml'), 'utf8');
const files = (text: string) => [{ path: 'f.yaml', text }];

/** Either a config, or errors each of which is at a place that the text has. */
function expectAnswer(loaded: LoadedConfig, text: string): void {
  if (loaded.ok) return;
  expect(loaded.errors.length).toBeGreaterThan(0);
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  for (const { file, line, column, message } of loaded.errors) {
    expect(file).toBe('f.yaml');
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1);
    expect(message).toMatch(/\S/);
    expect(message).not.toContain('Invalid input');
    expect(message).not.toContain('undefined');
  }
}

/** A change of plain data: something is removed, renamed or replaced somewhere. */
type Mutation = { at: number; how: 'remove' | 'rename' | 'replace'; with: unknown };

function mutate(value: unknown, mutation: Mutation): unknown {
  const places: { parent: Record<string, unknown>; key: string }[] = [];
  const copy = structuredClone(value);
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const key of Object.keys(node)) {
      places.push({ parent: node as Record<string, unknown>, key });
      visit((node as Record<string, unknown>)[key]);
    }
  };
  visit(copy);
  const place = places[mutation.at % places.length];
  if (place === undefined) return copy;
  const { parent, key } = place;
  if (mutation.how === 'replace') parent[key] = mutation.with;
  else {
    const old = parent[key];
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete parent[key];
    if (mutation.how === 'rename' && !Array.isArray(parent)) parent[`${key}x`] = old;
  }
  return copy;
}

const junk = fc.oneof(
  fc.constantFrom(
    null,
    true,
    0,
    -1,
    1e308,
    '',
    'constructor',
    '5m',
    '0s',
    '5%',
    [],
    {},
    [[]],
    { kind: 'samples' },
    'xoxb-1234567',
    Number.NaN,
  ),
  fc.string(),
  fc.jsonValue({ maxDepth: 3 }),
);

describe('a config that somebody damaged', () => {
  const loadedExample = loadConfig(files(example), new Set([...runbooks, 'latency-spike', 'prediction-volume', 'feature-drift']));

  test('begins as a right one', () => {
    expect(loadedExample).toMatchObject({ ok: true });
  });

  test('in its text never throws, and every error has a place in the text', () => {
    const cut = fc.record({
      at: fc.nat(example.length),
      remove: fc.nat(40),
      insert: fc.string({ unit: fc.constantFrom(...'\n\t -:{}[]&*!|>"\'#%@,ab10') }),
    });
    fc.assert(
      fc.property(fc.array(cut, { minLength: 1, maxLength: 3 }), (cuts) => {
        const text = cuts.reduce((now, { at, remove, insert }) => now.slice(0, at) + insert + now.slice(at + remove), example);
        expectAnswer(loadConfig(files(text), runbooks), text);
      }),
      { numRuns: 150 },
    );
  });

  test('in its data never throws, and every error has a place in the text', async () => {
    const { parse } = await import('yaml');
    const data: unknown = parse(example);
    const mutation: fc.Arbitrary<Mutation> = fc.record({
      at: fc.nat(),
      how: fc.constantFrom('remove', 'rename', 'replace'),
      with: junk,
    });
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
        const text = stringify(mutations.reduce(mutate, data), { aliasDuplicateObjects: false });
        expectAnswer(loadConfig(files(text), runbooks), text);
      }),
      { numRuns: 200 },
    );
  });

  test('any text at all has an answer', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expectAnswer(loadConfig(files(text), runbooks), text);
      }),
      { numRuns: 300 },
    );
  });
});
