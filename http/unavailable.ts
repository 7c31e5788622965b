import type { StoreUnavailableError } from '../app/ports/store-errors.ts';

/** A sender is back before much has gathered, and after the store was looked at again. */
export const retryAfterSeconds = 5;

/** What a person reads whose button, command or request could not be stored. */
export const notDone = ({ message }: StoreUnavailableError): string =>
  `nothing was changed, and escalation goes on: ${message}; then ask again`;

/** What a sender of records or alerts reads. */
export const notTaken = ({ message }: StoreUnavailableError): string => `nothing of this is stored, send it again: ${message}`;
