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

/**
 * A value, and no name, whose text begins with the mark: it gets a second one, so that it is never
 * taken for a number. A quote that opens a text follows no backslash, and one that closes it is not
 * followed by one. A text ends with its line, for what follows one that is not JSON is another
 * record.
 */
const begunByMark = /(?<!\\)"(?=\\u0000[^"\\\n]*(?:\\[^\n][^"\\\n]*)*"(?!\s*:))/g;

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
 * text of the sender's that begins as a marked number does is marked too.
 */
export function numbersAsWritten({ names, outcomes }: NamedByNumbers): JsonNumbers {
  const pattern = new RegExp([...membersCalled(names, unlike), ...membersCalled(outcomes, integer)].join('|'), 'g');
  const replacement = names.length > 0 && outcomes.length > 0 ? `$1$3"${markInJson}$2$4"` : `$1"${markInJson}$2"`;
  return {
    marked(text) {
      const own = text.includes(markInJson) ? text.replace(begunByMark, `"${markInJson}`) : text;
      return own.replace(pattern, replacement);
    },
  };
}

/** Not after a backslash: then the quote is part of a longer name, or of a text. */
function membersCalled(names: readonly string[], number: string): string[] {
  const spellings = [...new Set(names)].map((name) => `"${[...units(name)].map(spelled).join('')}"`);
  return spellings.length === 0 ? [] : [`((?:${spellings.join('|')})(?<!\\\\"[^"]*")\\s*:\\s*)(${number})`];
}

function* units(name: string): Generator<string> {
  for (let at = 0; at < name.length; at += 1) yield name.charAt(at);
}

/**
 * A UTF-16 unit of a name, as any writer of JSON may put it: as it is, or escaped. Python escapes
 * what is not ASCII, Java does so in capitals, Go escapes `<`, `>` and `&`, and PHP the slash.
 */
function spelled(unit: string): string {
  if (/[A-Za-z0-9_ ]/.test(unit)) return unit;
  const hex = unit.charCodeAt(0).toString(16).padStart(4, '0');
  const anyCase = hex.replaceAll(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
  const short = JSON.stringify(unit).slice(1, -1);
  return `(?:${[unit, short, `\\${unit}`].map(escaped).join('|')}|\\\\u${anyCase})`;
}

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** Members looked at before other work may run. */
const membersInARow = 20_000;

/**
 * Takes the marks off a parsed value, in place. A number is a name where `namesIn` has its member,
 * by the name of what is around it (empty for the value itself); anywhere else it is a number
 * again.
 */
export function* plainNumbers(value: unknown, namesIn: (around: string) => ReadonlySet<string>): Generator<void, unknown> {
  if (typeof value === 'string') return value.charCodeAt(0) === mark ? value.slice(1) : value;
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
        if (one.charCodeAt(0) !== mark) continue;
        const text = one.slice(1);
        holder[member] = text.charCodeAt(0) === mark || namesIn(around).has(member) ? text : Number(text);
      } else if (typeof one === 'object' && one !== null && !(one instanceof TooLong)) open.push([one, isList ? around : member]);
    }
    if (looked < membersInARow) continue;
    looked = 0;
    yield;
  }
  return value;
}
