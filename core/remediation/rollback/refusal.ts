/** What is not known, so that only a person may decide. */
export const rollbackDoubts = [
  'service unproven',
  'alert about another version',
  'several canaries',
  'current known bad',
] as const;

/** `text` names the versions, for people; programs read `code`. */
export type RollbackDoubt = { code: (typeof rollbackDoubts)[number]; text: string };

/** Why a rollback is refused, or left to a person. */
export const rollbackRefusals = [
  'not automatic',
  'record lost',
  'not critical',
  'cool-down',
  'daily limit',
  'in flight',
  'no good version',
  ...rollbackDoubts,
  'flapping',
  'upstream cause',
  'alert resolved',
  'not in the config',
  'hook failed',
] as const;
export type RollbackRefusal = (typeof rollbackRefusals)[number];
