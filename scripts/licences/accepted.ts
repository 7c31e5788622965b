/**
 * What may be part of what others install: open source, and no more asked than that its notice is
 * kept.
 */
const anywhere = ['Apache-2.0', 'MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'CC0-1.0'];

/**
 * What asks for the source of its own files where they were changed, and of nothing that uses them,
 * by package: each was looked at, and is shipped unchanged
 * (docs/adr/0115-charts-are-drawn-when-somebody-looks.md).
 */
const unchanged: Readonly<Record<string, string>> = { '@resvg/resvg-wasm': 'MPL-2.0' };

/** What may be used unchanged to build and to test, as well. */
const inDevelopment = [
  ...anywhere,
  'MPL-2.0',
  'MIT-CMU',
  'Python-2.0',
  'PSF-2.0',
  'CNRI-Python',
  'Unlicense',
  'Zlib',
  'Artistic-1.0-Perl',
  'TCL',
];

/**
 * Whether an SPDX expression, such as `MIT OR GPL-3.0-or-later`, leaves a choice that is accepted.
 * `AND` binds before `OR`. False for what is no such expression, such as `SEE LICENSE IN
 * LICENSE.txt`. `name`: of the package, for those that were looked at one by one.
 */
export function isAccepted(expression: string, use: 'shipped' | 'development', name = ''): boolean {
  if (Object.hasOwn(unchanged, name) && unchanged[name] === expression) return true;
  const accepted = use === 'shipped' ? anywhere : inDevelopment;
  const tokens = expression.match(/[()]|[^\s()]+/g) ?? [];
  let next = 0;

  /** Terms that are joined by a word; all are read, whatever the first says. */
  function joined(word: 'AND' | 'OR', term: () => boolean): boolean {
    const terms = [term()];
    while (tokens[next] === word) {
      next += 1;
      terms.push(term());
    }
    return word === 'AND' ? terms.every(Boolean) : terms.some(Boolean);
  }
  function one(): boolean {
    const token = tokens[next++];
    if (token !== '(') return token !== undefined && accepted.includes(token);
    const inside = either();
    return tokens[next++] === ')' && inside;
  }
  const either = (): boolean => joined('OR', () => joined('AND', one));

  return either() && next === tokens.length;
}
