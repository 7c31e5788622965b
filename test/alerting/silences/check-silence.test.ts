import { describe, expect, it } from 'vitest';
import { silenceFault, silenceHints } from '../../../core/alerting/silences/check-silence.ts';
import { storedSilence } from '../../../core/alerting/silences/stored-silence.ts';
import { matchersOf } from '../../../core/vocabulary/matchers/matcher.ts';
import { parseOnlyMatchers } from '../../../core/vocabulary/matchers/parse-matchers.ts';

const read = (text: string) => {
  const found = parseOnlyMatchers(text);
  if (!found.ok) throw new Error(found.reason);
  return found.matchers;
};

describe('matchers that make no silence', () => {
  it.each([
    ['team!=web', /must not match the empty string/],
    ['team=""', /must not match the empty string/],
    ['team=~".*",host!~"a|b"', /must not match the empty string/],
    ['severity!=critical', /must not match the empty string/],
    ['team=a,host=x,team=b', /no alert can have team="a" and team="b".*either value is team=~"a\|b"$/],
    ['team=~"a|b",team!~"a|b"', /no alert can have/],
  ])('%s', (text, reason) => {
    expect(silenceFault(read(text))).toMatch(reason);
  });

  it('are none at all', () => {
    expect(silenceFault([])).toMatch(/at least one matcher/);
  });
});

it.each(['team=a', 'alertname=~W.*', 'team=a,host!=b', 'severity=warn,severity=warning', 'host=~".+"'])(
  '%s makes one',
  (text) => {
    expect(silenceFault(read(text))).toBe(undefined);
  },
);

it('what may have been meant otherwise is named', () => {
  const hints = (text: string, hasSenders = false) =>
    silenceHints(read(text), hasSenders ? [{ severities: { loud: 'warn' } }] : []);
  expect(hints('region=eu|us')).toEqual(['region="eu|us" compares the text as it is; a pattern is written region=~"eu|us"']);
  expect(hints('severity=warning')).toMatchObject([expect.stringMatching(/no rule gives an alert the severity "warning"/)]);
  for (const known of ['severity=warning', 'severity=loud', 'severity=P-1', 'severity=whatever', 'category=drift'])
    expect(hints(known, true)).toEqual([]);
  expect(hints('severity=critcal', true)).toEqual([expect.stringContaining('did you mean "critical"?')]);
  expect(hints('category=drfit', true)).toEqual([expect.stringContaining('did you mean "drift"?')]);
  expect(hints('severity=~"warn|critical",region=~"eu|us"')).toEqual([]);
});

it('a silence of version 1 means what it meant', () => {
  const silence = { id: 's', match: { model: ['a', 'b'], zone: 'x' }, from: 0, until: 1, by: 'ana', comment: '', version: 1 };
  expect(storedSilence.decode(JSON.stringify({ ...silence, v: 1 }))).toMatchObject({
    ok: true,
    value: { match: matchersOf(silence.match) },
  });
  expect(storedSilence.decode(JSON.stringify({ ...silence, match: 5, v: 1 }))).toMatchObject({ ok: false });
});
