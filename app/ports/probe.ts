import type { ContactKind, ContactOf } from '../../core/response/contacts/contact.ts';
import type { Outside } from './outside.ts';

/** What a check found, without paging anybody. `todo`: what a person has to do about it. */
export type Probed = { state: 'ok' | 'warn' | 'failed' | 'skipped'; found: string; todo?: string };

/** One check. What `run` throws is a failure, and `todo` what to do about it. */
export type Probe = { what: string; todo: string; run(): Promise<Probed> };

/** The checks of all contacts of a kind that the config names, each once; there may be none. `now`: milliseconds since the epoch. */
export type ContactProbes<K extends ContactKind> = (
  contacts: readonly ContactOf<K>[],
  outside: Pick<Outside, 'config' | 'secrets' | 'slackApiUrl'>,
  now: number,
) => Probe[];
