import { describe, expect, it } from 'vitest';
import { canonicalOutcome, isPositive } from '../../core/telemetry/samples/outcome.ts';
import { parseTimestamp } from '../../core/vocabulary/timestamp.ts';

describe('a timestamp', () => {
  const nine = Date.UTC(2026, 0, 5, 9);
  it.each([
    [nine, nine],
    [nine + 0.7, nine],
    [0, 0],
    [36_000_000, 36_000_000],
    ['2026-01-05T09:00:00Z', nine],
    ['2026-01-05T09:00', nine],
    ['2026-01-05 09:00:00', nine],
    ['2026-01-05 09:00:00.000000 Z', nine],
    ['2026-01-05T10:00:00+01:00', nine],
    ['2026-01-05T10:00:00+0100', nine],
    ['2026-01-05', Date.UTC(2026, 0, 5)],
  ])('%s is read', (value, at) => {
    expect(parseTimestamp(value)).toBe(at);
  });

  it.each([
    '',
    'now',
    '2026-02-31',
    '2026-02-30T10:00Z',
    '2026-13-01',
    '2026-01-05T25:00',
    '1767603600000',
    'Mon, 05 Jan 2026',
    Number.NaN,
    1e300,
    1_767_603_600,
    20_260_105,
    46_027.5,
    1_767_603_600_000_000,
    1_767_603_600_000_000_000,
    null,
    true,
    {},
  ])('%s is none', (value) => {
    expect(parseTimestamp(value)).toBeUndefined();
  });
});

describe('an outcome', () => {
  it('is the same however it is written', () => {
    for (const one of [1, '1', '1.0', true, 'true', 'True', ' yes ']) expect(canonicalOutcome(one)).toBe('1');
    for (const zero of [0, -0, '0', '0.0', false, 'FALSE', 'no']) expect(canonicalOutcome(zero)).toBe('0');
    expect(canonicalOutcome('2.50')).toBe(canonicalOutcome(2.5));
    for (const text of ['0.30000000000000004', '0.1234567890123456789', '1234567.12345678901234', '0.000000001', '-0.00'])
      expect(canonicalOutcome(text)).toBe(canonicalOutcome(JSON.parse(text)));
    for (const plus of ['+1', '1.', '+1.0', '1.0e0', '1e+0']) expect(canonicalOutcome(plus)).toBe('1');
    for (const half of ['.5', '0.5', '+.50', '5e-01']) expect(canonicalOutcome(half)).toBe(canonicalOutcome(0.5));
    expect(canonicalOutcome('1e-05')).toBe(canonicalOutcome(1e-5));
    expect(canonicalOutcome('cat ')).toBe('cat');
  });

  it('is not taken for a number where that would make two classes one', () => {
    expect(canonicalOutcome('007')).not.toBe(canonicalOutcome('7'));
    expect(canonicalOutcome('12345678901234567890')).not.toBe(canonicalOutcome('12345678901234567891'));
    expect(canonicalOutcome('+12345678901234567890')).not.toBe(canonicalOutcome('+12345678901234567891'));
    for (const code of ['1e5', '+007', '1e+999', '+', '.', '0x1F', '1_000']) expect(canonicalOutcome(code)).toBe(code);
    expect(canonicalOutcome('Cat')).not.toBe(canonicalOutcome('cat'));
    expect(canonicalOutcome('constructor')).toBe('constructor');
  });

  it('is positive when it is one', () => {
    expect(isPositive(canonicalOutcome(true))).toBe(true);
    expect(isPositive(canonicalOutcome('2'))).toBe(false);
  });
});
