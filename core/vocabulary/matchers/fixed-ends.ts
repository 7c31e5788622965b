/** The prefix and suffix of every text that matches one alternative of a pattern. */
export type FixedEnds = { start: string; end: string };

/**
 * The fixed beginning and end of each alternative of a pattern: `eu-` and `-db` of `eu-.*-db`.
 * Empty if none can be told from the pattern.
 */
export function fixedEnds(pattern: string): FixedEnds[] {
  return alternativesOf(pattern).map((parts) => ({ start: startOf(parts), end: endOf(parts) }));
}

/** Whether no text fits both patterns, as far as their fixed ends tell. */
export const areDisjoint = (one: string, other: string): boolean =>
  fixedEnds(one).every((a) => fixedEnds(other).every((b) => !fits(a, b)));

const fits = (a: FixedEnds, b: FixedEnds): boolean =>
  (a.start.startsWith(b.start) || b.start.startsWith(a.start)) && (a.end.endsWith(b.end) || b.end.endsWith(a.end));

/** One letter, or undefined for anything that is not one. */
type Part = string | undefined;

/** A pattern in parts, split at each `|` outside of groups. */
function alternativesOf(pattern: string): Part[][] {
  // Flags such as (?i) change what letters mean.
  if (pattern.includes('(?') || pattern.includes('\\Q')) return [[undefined]];
  const all: Part[][] = [[]];
  let depth = 0;
  for (let at = 0; at < pattern.length; at += 1) {
    const one = pattern[at] ?? '';
    const parts = all.at(-1) as Part[];
    if (one === '\\') {
      const next = pattern[at + 1] ?? '';
      at += 1;
      parts.push(depth === 0 && /[!-/:-@[-`{-~]/.test(next) ? next : undefined);
    } else if (one === '[') {
      at = endOfClass(pattern, at);
      parts.push(undefined);
    } else if (one === '(' || one === ')') {
      depth += one === '(' ? 1 : -1;
      parts.push(undefined);
    } else if (one === '|' && depth === 0) all.push([]);
    else if ('*?{+'.includes(one)) {
      // The letter before may be missing, or come more than once.
      parts.pop();
      parts.push(undefined);
      if (one === '{') at = Math.max(at, pattern.indexOf('}', at));
    } else parts.push(depth > 0 || '.^$'.includes(one) ? undefined : one);
  }
  return all;
}

function endOfClass(pattern: string, from: number): number {
  let at = from + 1;
  if (pattern[at] === '^') at += 1;
  if (pattern[at] === ']') at += 1;
  for (; at < pattern.length && pattern[at] !== ']'; at += 1) {
    if (pattern[at] === '\\') at += 1;
    // [[:alpha:]]
    else if (pattern.startsWith('[:', at)) at = pattern.indexOf(':]', at) + 1;
  }
  return at;
}

function startOf(parts: readonly Part[]): string {
  const open = parts.indexOf(undefined);
  return (open < 0 ? parts : parts.slice(0, open)).join('');
}

function endOf(parts: readonly Part[]): string {
  return parts.slice(parts.lastIndexOf(undefined) + 1).join('');
}
