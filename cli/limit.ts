import { InvalidArgumentError } from 'commander';

/** Reads the `--limit` of a list: a whole number from 1. */
export const limitUpTo =
  (most: number) =>
  (text: string): number => {
    const limit = Number(text);
    if (!Number.isInteger(limit) || limit < 1 || limit > most)
      throw new InvalidArgumentError(`expected a number from 1 to ${most}.`);
    return limit;
  };
