/** Deep-freezes an object, because readers share it. A frozen object counts as deeply frozen. */
export function frozen<T extends object>(value: T): T {
  if (Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) frozen(inner);
  return Object.freeze(value);
}

/** Prepares objects that readers share: deep-freezes them, or trusts readers not to change them. */
export type Share = <T extends object>(value: T) => T;
