import { expect, it } from 'vitest';
import { steadyOrder } from '../../web/data/steady-order.ts';
import { sparkLine } from '../../web/parts/spark-line.ts';

const given = (...keys: string[]) => keys.map((key) => ({ key, value: {} }));

it('while somebody is in a list nothing of it moves, and what is new waits', () => {
  const held = steadyOrder(['a', 'b'], given('c', 'b'), { isHeld: true, isFixed: false });
  expect(held).toEqual({ order: ['a', 'b'], waiting: ['c'] });
});

it('otherwise it is shown as it comes', () => {
  expect(steadyOrder(['a', 'b'], given('c', 'b'), { isHeld: false, isFixed: false })).toEqual({ order: ['c', 'b'], waiting: [] });
});

it('a fixed order lasts for a visit: what is new comes last, what is gone leaves', () => {
  expect(steadyOrder(['a', 'b'], given('c', 'b'), { isHeld: false, isFixed: true })).toEqual({ order: ['b', 'c'], waiting: [] });
});

it('a small line breaks where nothing is known, and one that never moves lies in the middle', () => {
  const size = { width: 50, height: 20, room: 0 };
  expect(sparkLine([0, 10, null, 10], size)).toEqual({ d: 'M0 20L16.7 0M50 0', last: { x: 50, y: 0 } });
  expect(sparkLine([3, 3], size).d).toBe('M0 10L50 10');
  expect(sparkLine([null], size)).toEqual({ d: '', last: undefined });
});
