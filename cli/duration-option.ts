import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../core/vocabulary/units.ts';

/**
 * Reads an option that is a duration, in milliseconds. `such`: examples for whoever wrote another
 * one.
 */
export const durationLike =
  (such: string) =>
  (text: string): number => {
    const ms = parseDuration(text);
    if (ms === undefined || ms === 0)
      throw new InvalidArgumentError(`expected a duration such as ${such}; received ${JSON.stringify(text)}.`);
    return ms;
  };
