import { expect, it } from 'vitest';
import { loadConfig } from '../../core/config/load.ts';

const rule =
  '{ source: s, query: { samples: { metric: latency } }, category: latency, runbook: r, threshold: { above: { warn: 1 } } }';
const policy = `
matrix: { default: { warn: { policy: p }, critical: { policy: p } } }
responders: { ana: { name: Ana, contacts: [{ terminal: true }] } }
policies: { p: { tiers: [{ targets: [{ responder: ana }], ackWithin: 5m }] } }
sources: { s: { kind: samples } }
`;

const load = (text: string) => loadConfig([{ path: 'a.yaml', text }], new Set(['r', 'source-failing']));
const faults = (text: string): string[] => {
  const loaded = load(text);
  return loaded.ok ? [] : loaded.errors.map(({ message }) => message);
};

it('takes sections named x-... as places for YAML anchors', () => {
  expect(faults(`x-rule: &rule ${rule}\n${policy}rules: { a: *rule, b: *rule }`)).toEqual([]);
});

it('finds a credential in them all the same', () => {
  const [fault] = faults(`x-tokens: { slack: xoxb-1234567890-abcdef }\n${policy}rules: { a: ${rule} }`);
  expect(fault).toMatch(/x-tokens\.slack: expected no secrets/);
});

it('still refuses them anywhere else', () => {
  expect(faults(`${policy}rules: { a: ${rule.replace('{ source', '{ x-note: 1, source')} }`)[0]).toMatch(/not known here/);
});

it('takes the words of any language as the name of a rule, in one spelling', () => {
  expect(faults(`${policy}rules: { größe-模型: ${rule} }`)).toEqual([]);
  expect(faults(`${policy}rules: { ${'größe'.normalize('NFD')}: ${rule} }`)[0]).toMatch(/composed letters/);
  expect(faults(`${policy}rules: { "a\\u202eb": ${rule} }`)[0]).toMatch(/expected a name of letters/);
});

it('refuses a duration that leaves the calendar', () => {
  for (const window of ['3651d', '999999999999999d', `${'9'.repeat(400)}d`])
    expect(faults(`${policy}rules: { a: ${rule.replace('{ source', `{ keepFiring: ${window}, source`)} }`)[0]).toMatch(
      /at most 3650d/,
    );
  expect(faults(`${policy}rules: { a: ${rule.replace('{ source', '{ keepFiring: 3650d, source')} }`)).toEqual([]);
});
