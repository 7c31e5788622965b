import type { StoreUnavailableError } from '../app/ports/store-errors.ts';

/**
 * Long enough for the store to be checked again, short enough that a sender's backlog stays small.
 */
export const retryAfterSeconds = 5;

/** For a person whose request could not be stored. */
export const notDone = ({ message }: StoreUnavailableError): string =>
  `nothing changed, and escalation continues: ${message}; then try again`;

/** For a sender of records or alerts. */
export const notTaken = ({ message }: StoreUnavailableError): string => `nothing of this was stored, send it again: ${message}`;
