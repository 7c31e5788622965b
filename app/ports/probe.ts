import type { ContactKind, ContactOf } from '../../core/response/contacts/contact.ts';
import type { Outside } from './outside.ts';

/** The result of a check that pages nobody. `todo`: what a person must do. */
export type Probed = { state: 'ok' | 'warn' | 'failed' | 'skipped'; found: string; todo?: string };

/** One check. If `run` throws, the check failed, and `todo` says what to do. */
export type Probe = { what: string; todo: string; run(): Promise<Probed> };

/**
 * Checks for all contacts of a kind in the config, without repeats; may be empty. `now`:
 * milliseconds since the epoch.
 */
export type ContactProbes<K extends ContactKind> = (
  contacts: readonly ContactOf<K>[],
  outside: Pick<Outside, 'config' | 'secrets' | 'slackApiUrl' | 'defaultTopicArn'>,
  now: number,
) => Probe[];
