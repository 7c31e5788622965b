import { expect, it } from 'vitest';
import { formatAge } from '../../core/vocabulary/units.ts';

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];

it.each([
  [0, '0s'],
  [59 * minute + 59 * second, '59m59s'],
  [hour + minute + 5 * second, '1h1m'],
  [2 * day + 3 * hour + 4 * minute, '2d3h'],
  [1100 * day + 5 * hour + 6 * minute + 7 * second, '1100d'],
])('an age of %d ms is shown as %s', (ms, shown) => expect(formatAge(ms)).toBe(shown));
