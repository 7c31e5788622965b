/** An answer that cannot be given honestly, and why, in words for a person. */
export type Refused = { ok: false; reason: string };

export function refused(reason: string): Refused {
  return { ok: false, reason };
}
