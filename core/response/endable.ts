/** What a person began, and anybody may end before its time. */
export type Endable = { kind: 'silence' | 'override'; id: string };

const prefixes: Readonly<Record<Endable['kind'], string>> = { silence: 'sil-', override: 'ovr-' };

/** The id of a new silence or override: what it is, and a digest of what it says. */
export const endableId = (kind: Endable['kind'], digest: string): string => prefixes[kind] + digest;

/** What a person names by an id alone, as in a terminal or in Slack; undefined where it is an id of neither. */
export function readEndable(id: string): Endable | undefined {
  const kind = (['silence', 'override'] as const).find((one) => id.startsWith(prefixes[one]));
  return kind === undefined ? undefined : { kind, id };
}

export const endableExpected = 'expected the id of a silence (sil-...) or of an override (ovr-...)';
