import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Matcher } from '../../core/vocabulary/matchers/matcher.ts';
import { contradiction, implies } from '../../core/vocabulary/matchers/possible.ts';
import { isOwnLabel, type Matchable, matches } from '../../core/vocabulary/matching.ts';

const value = fc.constantFrom('', 'a', 'b', 'page', 'critical', 'warn');
const pattern = fc.constantFrom('a|b', '.*', '.+', 'a.*', 'p.*', 'critical|page', '', '(.*)', '[ab]?');
const name = fc.constantFrom('x', 'y', 'severity');
const matcher: fc.Arbitrary<Matcher> = fc.oneof(
  fc.record({ name, op: fc.constantFrom('=' as const, '!=' as const), value }),
  fc.record({ name, op: fc.constantFrom('=~' as const, '!~' as const), value: pattern }),
);
const matchers = fc.array(matcher, { maxLength: 3 });
const labels = fc.dictionary(name, value, { maxKeys: 3 });
const alert: fc.Arbitrary<Matchable> = fc.record({
  labels,
  own: fc.record({
    rule: fc.constant('r'),
    category: fc.constant('drift'),
    severity: fc.constantFrom('warn', 'critical', 'info'),
  }),
});

it('matchers imply others only if every alert that meets them meets those', () => {
  fc.assert(
    fc.property(matchers, matchers, fc.array(alert, { minLength: 10, maxLength: 30 }), (narrow, broad, alerts) => {
      if (!implies(narrow, broad, isOwnLabel)) return;
      for (const one of alerts) if (matches(narrow, one)) expect(matches(broad, one)).toBe(true);
    }),
    { numRuns: 5000 },
  );
});

it('matchers contradict each other only if no alert meets them', () => {
  fc.assert(
    fc.property(matchers, fc.array(alert, { minLength: 10, maxLength: 30 }), (all, alerts) => {
      if (contradiction(all.filter((one) => !isOwnLabel(one.name))) === undefined) return;
      for (const one of alerts) expect(matches(all, one)).toBe(false);
    }),
    { numRuns: 3000 },
  );
});
