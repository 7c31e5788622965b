import type { Path } from '../vocabulary/report.ts';
import { type ConfigError, pathText } from './config-error.ts';
import type { ReadConfig } from './document.ts';

/** Hexadecimal, octal, and what an older YAML reads as octal. */
const otherNotation = /^[-+]?0[xob0-9]/i;
const integer = /^[-+]?\d+$/;

/**
 * Numbers that somebody who wrote them may have meant otherwise: `0x60` is 96, and in a rule test
 * it would be sixty zeros in quotes; `017` is 17, and was 15 in YAML 1.1; an integer of 19 digits
 * is another one as a double. For what a schema takes: of the others it says more.
 */
export function oddNumbers(read: ReadConfig): ConfigError[] {
  const errors: ConfigError[] = [];
  const look = (value: unknown, path: Path): void => {
    if (typeof value === 'number') {
      const message = oddNumber(value, read.writtenAt(path));
      if (message !== undefined)
        errors.push({ ...read.placeOf(path, 'value'), path: pathText(path), message: `${pathText(path)}: ${message}` });
    } else if (Array.isArray(value)) for (const [index, one] of value.entries()) look(one, [...path, index]);
    else if (typeof value === 'object' && value !== null)
      for (const [key, one] of Object.entries(value)) look(one, [...path, key]);
  };
  look(read.value, []);
  return errors;
}

function oddNumber(value: number, written: string | undefined): string | undefined {
  if (written === undefined) return undefined;
  if (otherNotation.test(written))
    return `expected a decimal number without leading zeros; received ${written}; write ${value}, or the text in quotes: "${written}"`;
  if (!integer.test(written) || BigInt(written) === BigInt(value)) return undefined;
  return `expected a number that keeps its digits; received ${written}, which is read as ${BigInt(value)}; write it in quotes if it is a text`;
}
