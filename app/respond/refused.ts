/**
 * Why something that a person asked for was not done: what they asked makes no sense, names something that is not there, takes
 * another role, or no longer fits what is there.
 */
export type RefusalKind = 'invalid' | 'not found' | 'not allowed' | 'conflict';

/** `message`: for the person. */
export type Refused = { ok: false; kind: RefusalKind; message: string };

export const refused = (kind: RefusalKind, message: string): Refused => ({ ok: false, kind, message });
