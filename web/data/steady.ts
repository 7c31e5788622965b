import { useRef, useState } from 'preact/hooks';
import { steadyOrder } from './steady-order.ts';

/** A list that does not move: `more` are new ones that wait until they are let in. */
export type Steady<T> = { shown: (T & { gone?: boolean })[]; more: number; let(): void };

export function useSteady<T extends object>(
  items: readonly T[],
  keyOf: (item: T) => string,
  { isHeld, isFixed = false }: { isHeld: () => boolean; isFixed?: boolean },
): Steady<T> {
  const last = useRef<{ order: string[]; values: Map<string, T> }>({ order: [], values: new Map() });
  const [, redraw] = useState(0);
  const given = items.map((value) => ({ key: keyOf(value), value }));
  const { order, waiting } = steadyOrder(last.current.order, given, {
    isHeld: last.current.order.length > 0 && isHeld(),
    isFixed,
  });
  const now = new Map(given.map(({ key, value }) => [key, value]));
  const values = new Map(
    order.flatMap((key) => {
      const value = now.get(key) ?? last.current.values.get(key);
      return value === undefined ? [] : [[key, value] as const];
    }),
  );
  last.current = { order, values };
  return {
    shown: order.flatMap((key) => {
      const value = values.get(key);
      return value === undefined ? [] : [now.has(key) ? value : { ...value, gone: true }];
    }),
    more: waiting.length,
    let() {
      last.current = { order: [], values: new Map() };
      redraw((count) => count + 1);
    },
  };
}
