/** An answer that cannot be given honestly, with the reason for people. */
export type Refused = { ok: false; reason: string };

export function refused(reason: string): Refused {
  return { ok: false, reason };
}
