/**
 * Keeps the order in which a list was shown first. While `isHeld` (it has the focus, or is
 * scrolled) new ones wait and those that are gone keep their place; otherwise it is shown as it
 * comes. With `isFixed` the order stays even then: new ones come last.
 */
export function steadyOrder<T>(
  before: readonly string[],
  given: readonly { key: string; value: T }[],
  { isHeld, isFixed }: { isHeld: boolean; isFixed: boolean },
): { order: string[]; waiting: string[] } {
  const keys = given.map(({ key }) => key);
  const known = new Set(before);
  const fresh = keys.filter((key) => !known.has(key));
  if (isHeld) return { order: [...before], waiting: fresh };
  if (!isFixed) return { order: keys, waiting: [] };
  const current = new Set(keys);
  return { order: [...before.filter((key) => current.has(key)), ...fresh], waiting: [] };
}
