import { signal } from '@preact/signals';

export type Asking = 'rollback' | 'resolve' | 'silence' | 'note' | 'more' | 'share';

/** Which question is open on the screen of an incident; several parts of it ask. */
export const asking = signal<Asking | undefined>(undefined);
