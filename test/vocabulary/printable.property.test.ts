import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oneLine, safeOutput } from '../../core/vocabulary/printable.ts';

const esc = '\u001b';
const hostile = fc.constantFrom(
  esc,
  '\u0000',
  '\r',
  '\u0007',
  '\u009b',
  '\u007f',
  '\u061c',
  '\u200e',
  '\u200f',
  '\u202e',
  '\u2066',
  '\u2028',
  '\u2029',
  '\u0085',
);
const text = fc
  .array(fc.oneof(hostile, fc.string({ unit: 'binary' }), fc.constantFrom('\n', '\t', 'x', '[2J', '[31m', '[8m')), {
    maxLength: 12,
  })
  .map((parts) => parts.join(''));
const acts = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the program's own colours are what is left out.
const own = /\n|\t|\u001b\[(0|1|2|22|3[0-79]|9[0-7])m/g;

describe('what is shown on a terminal', () => {
  it('is one line that cannot act on it', () => {
    fc.assert(
      fc.property(text, (sent) => {
        expect(oneLine(sent)).not.toMatch(acts);
      }),
    );
  });

  it('holds nothing but its own colours, line ends and tabs that could act on it', () => {
    fc.assert(
      fc.property(text, (sent) => {
        expect(safeOutput(sent).replace(own, '')).not.toMatch(acts);
      }),
    );
  });

  it('is the same JSON as before', () => {
    fc.assert(
      fc.property(text, (sent) => {
        expect(JSON.parse(safeOutput(JSON.stringify({ sent })))).toEqual({ sent });
      }),
    );
  });

  it.for([
    ['\u202Egnp.exe', '\\u202egnp.exe'],
    ['a\u2028b', 'a\\u2028b'],
    [`${esc}[31mred${esc}[39m`, `${esc}[31mred${esc}[39m`],
    [`${esc}[8mhidden${esc}[2J`, '\\u001b[8mhidden\\u001b[2J'],
    ['größe 模型 😀', 'größe 模型 😀'],
  ] as const)('writes what it leaves out as an escape: %j', ([sent, shown]) => {
    expect(safeOutput(sent)).toBe(shown);
  });
});
