import { type JsonNumbers, TooLong } from './json-parts.ts';

/** Members whose numbers are names rather than amounts, so that each digit counts. */
export type NamedByNumbers = {
  /** Ids, versions, categories: the text as it is written; 1.10 is not 1.1. */
  names: readonly string[];
  /** Predictions and labels are numbers, but an integer that no double holds is a class. */
  outcomes: readonly string[];
};

/** Begins the text of a marked number. JSON can hold it in a string, but only as `\u0000`. */
const mark = 0;
const markInJson = '\\u0000';

/** Numbers whose text a double does not give back, up to where a member ends. */
const integer = '-?[1-9]\\d{15,}(?=[\\s,}\\]])';
const unlike = `(?:${[
  '-?[1-9]\\d{15,}(?:\\.\\d+)?(?:[eE][+-]?\\d+)?',
  '-?(?:0|[1-9]\\d*)\\.(?:\\d*0|\\d{15,})',
  '-?(?:0|[1-9]\\d*)(?:\\.\\d+)?[eE][+-]?\\d+',
  '-0',
].join('|')})(?=[\\s,}\\]])`;

/**
 * Keeps the text of numbers that are names. The members with these names, at any depth, are marked
 * in the text before it is parsed, if a double would lose a digit. That costs a scan of the text,
 * where a reviver of `JSON.parse` costs ten times its time. `plainNumbers` takes the marks off. A
 * text that itself holds the mark is left as it is.
 */
export function numbersAsWritten({ names, outcomes }: NamedByNumbers): JsonNumbers {
  const pattern = new RegExp([...membersCalled(names, unlike), ...membersCalled(outcomes, integer)].join('|'), 'g');
  const replacement = names.length > 0 && outcomes.length > 0 ? `$1$3"${markInJson}$2$4"` : `$1"${markInJson}$2"`;
  return { marked: (text) => (text.includes(markInJson) ? text : text.replace(pattern, replacement)) };
}

/** Not after a backslash: then the quote is part of a longer name, or of a text. */
function membersCalled(names: readonly string[], number: string): string[] {
  const spellings = [...new Set(names.flatMap((name) => [JSON.stringify(name), asciiJson(name)]))].map(escaped);
  return spellings.length === 0 ? [] : [`((?:${spellings.join('|')})(?<!\\\\"[^"]*")\\s*:\\s*)(${number})`];
}

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** As Python writes a name by default. */
const asciiJson = (name: string): string =>
  JSON.stringify(name).replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Members looked at before other work may run. */
const membersInARow = 20_000;

/**
 * Takes the marks off a parsed value, in place. A number is a name where `namesIn` has its member,
 * by the name of what is around it (empty for the value itself); anywhere else it is a number
 * again.
 */
export function* plainNumbers(value: unknown, namesIn: (around: string) => ReadonlySet<string>): Generator<void, unknown> {
  if (typeof value !== 'object' || value === null) return value;
  const open: [holder: object, around: string][] = [[value, '']];
  let looked = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [object, around] = next;
    const holder = object as Record<string, unknown>;
    const isList = Array.isArray(object);
    for (const member in holder) {
      looked += 1;
      const one = holder[member];
      if (typeof one === 'string') {
        if (one.charCodeAt(0) === mark && isNumber.test(one))
          holder[member] = namesIn(around).has(member) ? one.slice(1) : Number(one.slice(1));
      } else if (typeof one === 'object' && one !== null && !(one instanceof TooLong)) open.push([one, isList ? around : member]);
    }
    if (looked < membersInARow) continue;
    looked = 0;
    yield;
  }
  return value;
}

const isNumber = /^.-?\d[\d.eE+-]*$/s;
