import type { AuditEntry, AuditKind } from './audit-log.ts';

/** Which entries of the audit log are asked for; what is left out excludes none. */
export type AuditFilter = {
  kinds?: readonly AuditKind[] | undefined;
  /** Part of the actor's name, in any case. */
  actor?: string | undefined;
  /** Part of the text, or of a detail such as the id of a silence, in any case. */
  text?: string | undefined;
  /** [from, to), milliseconds since the epoch. */
  from?: number | undefined;
  to?: number | undefined;
};

/** Whether anything is left out. */
export const filters = ({ kinds, actor, text, from, to }: AuditFilter): boolean =>
  [kinds, actor, text, from, to].some((one) => one !== undefined);

export function passes({ at, kind, actor, text, data }: AuditEntry, asked: AuditFilter): boolean {
  if (asked.from !== undefined && at < asked.from) return false;
  if (asked.to !== undefined && at >= asked.to) return false;
  if (asked.kinds !== undefined && !asked.kinds.includes(kind)) return false;
  if (asked.actor !== undefined && !has(actor, asked.actor)) return false;
  return asked.text === undefined || [text, ...Object.values(data).map(String)].some((one) => has(one, asked.text ?? ''));
}

const has = (text: string, part: string): boolean => text.toLowerCase().includes(part.toLowerCase());
