/** Something a person started and anybody may end early. */
export type Endable = { kind: 'silence' | 'override'; id: string };

const prefixes: Readonly<Record<Endable['kind'], string>> = { silence: 'sil-', override: 'ovr-' };

/** The id of a new silence or override: its type and a digest of its content. */
export const endableId = (kind: Endable['kind'], digest: string): string => prefixes[kind] + digest;

/**
 * Reads an id that a person typed, for example in a terminal or Slack; undefined if it is neither.
 */
export function readEndable(id: string): Endable | undefined {
  const kind = (['silence', 'override'] as const).find((one) => id.startsWith(prefixes[one]));
  return kind === undefined ? undefined : { kind, id };
}

export const endableExpected = 'expected the id of a silence (sil-...) or of an override (ovr-...)';
