import type { StoreUnavailableError } from '../app/ports/store-errors.ts';

/**
 * Long enough for the store to be checked again, short enough that a sender's backlog stays small.
 */
export const retryAfterSeconds = 5;

/** For a person whose request could not be stored. */
export const notDone = ({ message }: StoreUnavailableError): string =>
  `nothing was changed, and escalation goes on: ${message}; then ask again`;

/** For a sender of records or alerts. */
export const notTaken = ({ message }: StoreUnavailableError): string => `nothing of this is stored, send it again: ${message}`;
