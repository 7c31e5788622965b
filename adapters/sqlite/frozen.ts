/** Freezes an object and all within it, for readers share it. What is frozen already is taken to be so throughout. */
export function frozen<T extends object>(value: T): T {
  if (Object.isFrozen(value)) return value;
  for (const name in value) {
    const inner = value[name];
    if (typeof inner === 'object' && inner !== null) frozen(inner);
  }
  return Object.freeze(value);
}
