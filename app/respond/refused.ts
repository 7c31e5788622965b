/**
 * Why a person's request was refused: it makes no sense, names something unknown, needs another
 * role, or no longer fits the current state.
 */
export type RefusalKind = 'invalid' | 'not found' | 'not allowed' | 'conflict';

/** `message`: for the person. `field`: what of the request was wrong, for a form. */
export type Refused = { ok: false; kind: RefusalKind; message: string; field?: string };

export const refused = (kind: RefusalKind, message: string): Refused => ({ ok: false, kind, message });
