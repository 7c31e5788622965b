/** Freezes an object and all within it, for readers share it. What is frozen already is taken to be so throughout. */
export function frozen<T extends object>(value: T): T {
  if (Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) frozen(inner);
  return Object.freeze(value);
}

/** Makes what readers share with the store ready for that: `frozen`, or nothing but the promise of all readers to change none of it. */
export type Share = <T extends object>(value: T) => T;
