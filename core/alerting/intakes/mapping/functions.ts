import { ArityError, JMESPathTypeError } from '@aws-lambda-powertools/jmespath';
import { Functions } from '@aws-lambda-powertools/jmespath/functions';

/** A text of a message is looked for in another one up to this length, which bounds the time. */
const longestNeedle = 1000;
const longestJoined = 1_000_000;
/** A text has no more parts, and an object no more members, than a message could mean. */
const mostParts = 10_000;

/**
 * JMESPath's own functions, and those that a mapping of alerts needs besides. A method
 * `funcFromSeconds` is the function `from_seconds`; its arguments come as one list.
 */
export class MappingFunctions extends Functions {
  /**
   * `if(condition, this, that)`, where empty texts, lists and objects, null and false count as no.
   */
  funcIf(...[args]: unknown[]): unknown {
    const [condition, yes, no] = counted(args, 3);
    return isTruthy(condition) ? yes : no;
  }

  /** `split('a,b', ',')` */
  funcSplit(...[args]: unknown[]): string[] {
    const [text, separator] = counted(args, 2).map(textIn);
    return separator === '' ? fail(separator, 'a separator') : partsOf(text ?? '', separator ?? ',');
  }

  /** `lower('A')` */
  funcLower(...[args]: unknown[]): string {
    return textIn(counted(args, 1)[0]).toLowerCase();
  }

  /** `upper('a')` */
  funcUpper(...[args]: unknown[]): string {
    return textIn(counted(args, 1)[0]).toUpperCase();
  }

  /** `trim(' a ')` */
  funcTrim(...[args]: unknown[]): string {
    return textIn(counted(args, 1)[0]).trim();
  }

  /**
   * `pairs('model:churn,env:prod', ',', ':')` is an object. What has no second part is left out.
   */
  funcPairs(...[args]: unknown[]): object {
    const [text = '', between = '', within = ''] = counted(args, 3).map(textIn);
    if (between === '' || within === '') return fail('', 'two separators');
    const pairs = partsOf(text, between).flatMap((pair) => {
      const at = pair.indexOf(within);
      return at <= 0 ? [] : [[pair.slice(0, at).trim(), pair.slice(at + within.length).trim()] as const];
    });
    return Object.fromEntries(pairs);
  }

  /**
   * `named(tags, 'Key', 'Value')` makes an object of a list such as `[{ "Key": "model", "Value":
   * "churn" }]`.
   */
  funcNamed(...[args]: unknown[]): object {
    const [list, name, value] = counted(args, 3);
    if (!Array.isArray(list)) return fail(list, 'array');
    const [key, of] = [textIn(name), textIn(value)];
    if (list.length > mostParts) fail(list, `list of at most ${mostParts}`);
    const entries = list.flatMap((item: unknown): [string, unknown][] => {
      if (typeof item !== 'object' || item === null || !Object.hasOwn(item, key) || !Object.hasOwn(item, of)) return [];
      const { [key]: called, [of]: is } = item as Record<string, unknown>;
      return typeof called === 'string' ? [[called, is]] : [];
    });
    return Object.fromEntries(entries);
  }

  /** `from_seconds(1767603600)` is a time in milliseconds; a text with a number counts, too. */
  funcFromSeconds(...[args]: unknown[]): number | null {
    const [seconds] = counted(args, 1);
    if (seconds === null) return null;
    const number = typeof seconds === 'string' && seconds.trim() !== '' ? Number(seconds) : seconds;
    return typeof number === 'number' && Number.isFinite(number) ? Math.round(number * 1000) : fail(seconds, 'number');
  }

  override funcContains(...args: [never, never]): boolean {
    const [, needle] = args[0] as unknown as unknown[];
    if (typeof needle === 'string' && needle.length > longestNeedle)
      fail(needle, `text of at most ${longestNeedle} characters to look for`);
    return super.funcContains(...args);
  }

  override funcJoin(...args: [never, never]): string {
    const [glue, list] = args[0] as unknown as unknown[];
    if (typeof glue === 'string' && Array.isArray(list) && glue.length * list.length > longestJoined)
      fail(glue, `text of at most ${longestJoined} characters`);
    return super.funcJoin(...args);
  }
}

/** The names of all functions that an expression may call. */
export const functionNames: readonly string[] = [...new MappingFunctions().introspectMethods()].map((method) =>
  method
    .slice(4)
    .replace(/(?!^)[A-Z]/g, (letter) => `_${letter}`)
    .toLowerCase(),
);

/** As JMESPath has it: 0 is true. */
export const isTruthy = (value: unknown): boolean =>
  !(
    value === undefined ||
    value === null ||
    value === false ||
    value === '' ||
    (typeof value === 'object' && Object.keys(value).length === 0)
  );

function counted(args: unknown, count: number): unknown[] {
  const given = Array.isArray(args) ? (args as unknown[]) : [];
  if (given.length === count) return given;
  throw new ArityError({ expectedArity: count, actualArity: given.length });
}

function partsOf(text: string, separator: string): string[] {
  const parts = text.split(separator, mostParts + 1);
  return parts.length > mostParts ? fail(text, `text of at most ${mostParts} parts`) : parts;
}

const textIn = (value: unknown): string => (typeof value === 'string' ? value : fail(value, 'string'));

/** The library tells of its own sorts of errors alone, and swallows others. */
function fail(value: unknown, expected: string): never {
  const actual = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  throw new JMESPathTypeError({ currentValue: value, expectedTypes: [expected], actualType: actual });
}
